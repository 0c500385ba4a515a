"""Words that are no password, with or without digits around them: commonplace ones, and those of
this program and its field. An office adds its own by the setting `password_blocklist`."""

from typing import Final

_WORDS: Final = """
password passw0rd p@ssw0rd p@ssword passwort mypassword newpassword changeme changeit letmein
welcome welcometo qwerty qwertyuiop qwerty12 qwert asdfghjkl asdfgh zxcvbnm zxcvbn 1q2w3e4r
1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc qazwsx qazwsxedc q1w2e3r4 q1w2e3r4t5 qwer1234 asdf1234
abcd1234 abc12345 abc123456 a1234567 a12345678 a123456789 aa123456 aa12345678 1234qwer
123456789 1234567890 12345678 87654321 11111111 00000000 88888888 66666666 12341234 123123123
147258369 123654789 987654321 5201314 1314520 woaini woaini1314 woaiwojia woaizhongguo
iloveyou ilovechina princess sunshine football baseball superman batman trustno1 whatever
master monkey dragon shadow michael jennifer computer internet starwars pokemon freedom
administrator admin admin123 admin888 root user test testtest guest default secret login
manager supervisor auditor leader clerk adviser mediator lawyer justice legal legalaid
anjuan casework sifa sifaju sfj falv falvyuanzhu tiaojie renmintiaojie guangzhou guangdong
tianhe yuexiu haizhu liwan baiyun panyu huangpu zhongguo china beijing shanghai nihao
spring summer autumn winter january february monday friday
correcthorsebatterystaple thequickbrownfoxjumpsoverthelazydog
密码 司法局 司法所 法律援助 公共法律服务 人民调解 案卷 管理员 广州 中国 我爱你
"""
COMMONPLACE: Final = frozenset(_WORDS.split())
