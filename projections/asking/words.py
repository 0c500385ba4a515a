"""Words of texts as they are kept and searched: one spelling for what a reader takes for the same.

Names come in padded (王　小明), from PDFs with radicals for characters (⺠), from Hong Kong in
traditional characters (張), with invisible characters from a web page. Texts are shown as they were
written; this is only what is searched. Views keep it: whatever changes here raises their VERSION.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from unicodedata import normalize

WORDS_MAX: Final = 8
"""Words that one search may have."""
HAN: Final = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_PADDING: Final = re.compile(rf"(?<=[{HAN}])[ \u3000\t]+(?=[{HAN}])")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)
"""Formats, directions, variation selectors."""
_TRADITIONAL: Final = (
    "佇佈佔來係倆倉個們倖倫偉側偽傑備傳債傷傾僅僑僕僞僱價儀億儘償優儲儷兒內兩冊冑凈凍凜凱別刪"
    "則剛創劃劇劉劍劑勁動務勛勝勞勢勳勵勸勻匯區協卹卻卽厭厲參叄吳吶呂員唄唸問啓啟喚喪喬單嗎嘆"
    "嘗嘯噸嚇嚮嚴囑國圍園圖團執堅堯報場塊墊墮墳墾壇壓壘壞壯壽夠夢夾奐奧奪奮姍姦娛婁婦媽嫻嬋嬌"
    "嬡嬤嬰嬸孫學孿寢實寧審寫寬寵寶將專尋對導屆屍層屬岡峯島峽崗嵐嶺嶽巒帥師帳帶幟幣幫幹幾庫廁"
    "廂廈廚廟廠廢廣廬廳弒張強彈彎彙彥徑從復徹恆悅惡惱愛愨慘慣慮慶憂憑憲懇應懲懶懷懸戀戰戲戶拋"
    "挾捨掃掛採揀揚換揮損搖搶摯撈撐撥撫撲撿擁擇擊擋擔據擬擴擺擾攏攔攜攝攤攪敗敘敵數斂斃斷時晉"
    "晝暈暉暫曄曆曉書會東條棄棟楊楨業極榮構槍樁樂樓標樣樹樺橋機檔檢櫃櫻欄權欽歎歐歡歲歷歸殘殺"
    "殼毀毆氣決沒沖況淚淨淵淶淺渙渦測渾湧湯準溝溫滅滙滬滯滲滷滾滿漁漢漲漸潔潛潤潰澗澤濁濃濕濟"
    "濤濫濰濱瀅瀏瀘瀟灑灝灣災為烏無煉煒煙煥煩熱熾燁燈燒燙營燦爍爐爛爭爲爺爾牆牽犧狀猶獄獅獎獨"
    "獲獻現瑋瑣瑤瑩環璽瓊瓏產畝畢畫異當疊瘋瘓瘡療癢癮癱發皺盃盜盡監盤盧矯確碼磚礎礙礦祕祿禍禎"
    "禦禪禮稅種稱穀積穎穩窩窮竄竇竊競筆箋節範築篤簡簽籃籌籤籲糞糧糾紀約紅納紐純紗紙級紛紮細紹"
    "終絃組結絕絡給統絲絶綁經綜綠綢綫維綱網綳綵綺緊緒線緝締緣編緩緯練緻縝縣縮縱總績織繞繩繪繫"
    "繳繼續纖罰罵罷羅羣義習翹耬聖聞聯聰聲聳聶職聽肅脅脈脫脹腎腦腳膚膠膽臉臘臟臥臨臺與興舉舊艙"
    "艦莊華萊萬葉葦蓀蓮蔘蔣蔭蕭薈薊薌薑薔薦薩藍藝藥藺蘆蘇蘊蘭處虛號虧蝕蟲蠟蠻衆術衛衝袞裏補裝"
    "裡製複襲見規視親覺覽觀觸訂計訊討訓託記訟訪設許訴診註証詐評詞詠詡詢試詩話該詳誌認誠誤說誰"
    "課誼調談請諒論諧諮諶諾謀謂謊謙講謝謠謹證識譚譜譯議護譽讀變讓讚豎豐豬貝負財貢貧貨販貪貫責"
    "貯貳貴貶貸費貼貿賀賂賃賄資賈賊賓賞賠賡賢賣賤賦質賬賭賴購賽贈贊贍贏贓贖贛趕趙跡踐踴蹤躍車"
    "軌軍軒軟較載輔輕輛輝輪輯輸轄轉轟辦辭辯農迴逕這連週進遊運過達違遜遞遠適遲遷選遺遼邁邊邏郵"
    "鄆鄉鄒鄔鄖鄧鄭鄰鄺酈醜醫釋釗針釣鈍鈔鈕鈞鈴鈺鈿鉅鉑鉛銀銘銜銳銷鋁鋅鋒鋪鋼錄錕錘錚錢錦錫錯"
    "鍋鍵鍾鎊鎖鎧鎮鏈鏟鏡鏵鐘鐵鐸鑑鑒鑽鑾長門閃閆閉開閑間閔閥閱閻闆闇闊闖關闞闢陝陣陰陳陸陽隊"
    "階際隨險隱隴隻雙雜離難雲電霧霽靈靜靦鞏韋韌韓韜響頁頂項順須頌預頒頓頗領頡頤頭頸頻題額顏願"
    "類顧顯風颱飛飯飲飽飾養餘館餵饋饑饒馬馮駁駐駒駕駛駝駭駱駿騁騎騙騰騷驅驊驗驚驥髒體髮鬆鬍鬚"
    "鬥鬧鬱魚魯鮑鮮鯉鰲鳥鳳鳴鴉鴨鴻鴿鵑鵝鵬鶯鶴鷹鷺鹼鹽麗麥麼黃點黨齊齋齒齡齣龍龐龔龜後於"
)
_SIMPLIFIED: Final = (
    "伫布占来系俩仓个们幸伦伟侧伪杰备传债伤倾仅侨仆伪雇价仪亿尽偿优储俪儿内两册胄净冻凛凯别删"
    "则刚创划剧刘剑剂劲动务勋胜劳势勋励劝匀汇区协恤却即厌厉参叁吴呐吕员呗念问启启唤丧乔单吗叹"
    "尝啸吨吓向严嘱国围园图团执坚尧报场块垫堕坟垦坛压垒坏壮寿够梦夹奂奥夺奋姗奸娱娄妇妈娴婵娇"
    "嫒嬷婴婶孙学孪寝实宁审写宽宠宝将专寻对导届尸层属冈峰岛峡岗岚岭岳峦帅师帐带帜币帮干几库厕"
    "厢厦厨庙厂废广庐厅弑张强弹弯汇彦径从复彻恒悦恶恼爱悫惨惯虑庆忧凭宪恳应惩懒怀悬恋战戏户抛"
    "挟舍扫挂采拣扬换挥损摇抢挚捞撑拨抚扑捡拥择击挡担据拟扩摆扰拢拦携摄摊搅败叙敌数敛毙断时晋"
    "昼晕晖暂晔历晓书会东条弃栋杨桢业极荣构枪桩乐楼标样树桦桥机档检柜樱栏权钦叹欧欢岁历归残杀"
    "壳毁殴气决没冲况泪净渊涞浅涣涡测浑涌汤准沟温灭汇沪滞渗卤滚满渔汉涨渐洁潜润溃涧泽浊浓湿济"
    "涛滥潍滨滢浏泸潇洒灏湾灾为乌无炼炜烟焕烦热炽烨灯烧烫营灿烁炉烂争为爷尔墙牵牺状犹狱狮奖独"
    "获献现玮琐瑶莹环玺琼珑产亩毕画异当叠疯痪疮疗痒瘾瘫发皱杯盗尽监盘卢矫确码砖础碍矿秘禄祸祯"
    "御禅礼税种称谷积颖稳窝穷窜窦窃竞笔笺节范筑笃简签篮筹签吁粪粮纠纪约红纳纽纯纱纸级纷扎细绍"
    "终弦组结绝络给统丝绝绑经综绿绸线维纲网绷彩绮紧绪线缉缔缘编缓纬练致缜县缩纵总绩织绕绳绘系"
    "缴继续纤罚骂罢罗群义习翘耧圣闻联聪声耸聂职听肃胁脉脱胀肾脑脚肤胶胆脸腊脏卧临台与兴举旧舱"
    "舰庄华莱万叶苇荪莲参蒋荫萧荟蓟芗姜蔷荐萨蓝艺药蔺芦苏蕴兰处虚号亏蚀虫蜡蛮众术卫冲衮里补装"
    "里制复袭见规视亲觉览观触订计讯讨训托记讼访设许诉诊注证诈评词咏诩询试诗话该详志认诚误说谁"
    "课谊调谈请谅论谐咨谌诺谋谓谎谦讲谢谣谨证识谭谱译议护誉读变让赞竖丰猪贝负财贡贫货贩贪贯责"
    "贮贰贵贬贷费贴贸贺赂赁贿资贾贼宾赏赔赓贤卖贱赋质账赌赖购赛赠赞赡赢赃赎赣赶赵迹践踊踪跃车"
    "轨军轩软较载辅轻辆辉轮辑输辖转轰办辞辩农回迳这连周进游运过达违逊递远适迟迁选遗辽迈边逻邮"
    "郓乡邹邬郧邓郑邻邝郦丑医释钊针钓钝钞钮钧铃钰钿巨铂铅银铭衔锐销铝锌锋铺钢录锟锤铮钱锦锡错"
    "锅键钟镑锁铠镇链铲镜铧钟铁铎鉴鉴钻銮长门闪闫闭开闲间闵阀阅阎板暗阔闯关阚辟陕阵阴陈陆阳队"
    "阶际随险隐陇只双杂离难云电雾霁灵静腼巩韦韧韩韬响页顶项顺须颂预颁顿颇领颉颐头颈频题额颜愿"
    "类顾显风台飞饭饮饱饰养余馆喂馈饥饶马冯驳驻驹驾驶驼骇骆骏骋骑骗腾骚驱骅验惊骥脏体发松胡须"
    "斗闹郁鱼鲁鲍鲜鲤鳌鸟凤鸣鸦鸭鸿鸽鹃鹅鹏莺鹤鹰鹭碱盐丽麦么黄点党齐斋齿龄出龙庞龚龟后于"
)
"""The same characters as used on the mainland: those frequent in names and in the law's words."""
_RADICALS: Final = (
    "⺁⺂⺄⺅⺆⺈⺉⺋⺌⺍⺎⺏⺐⺑⺒⺓⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱"
    "⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝"
    "⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
"""U+2E80 to U+2EFF, which NFKC leaves as they are."""
_CHARACTERS: Final = (
    "厂乙乙亻冂刀刂㔾小小尢尢尣尢巳幺彐忄心扌攵旡日月歺母民氵氺灬爫爪丬牛犭王疋目示礻竹糹纟网"
    "罒网网网羊羊羊耂肀聿月臼艹艹艹虎衤西西见角角讠贝足车辶辶辶阝钅长镸长门阜阝雨青韦页风飞食"
    "食飠饣首马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟龟"
)
_DOTS: Final = "•‧∙⋅・"
"""Written in place of the middle dot of a name (买买提·艾力)."""
_ONE_SPELLING: Final = str.maketrans(
    _RADICALS + _TRADITIONAL + _DOTS, _CHARACTERS + _SIMPLIFIED + "·" * len(_DOTS)
)


def normalised(text: str) -> str:
    """Write a text as it is kept and searched.

    Full-width forms are plain ones, case is folded, white space is a single blank.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", normalize("NFKC", text).translate(_ONE_SPELLING))
    return " ".join(text.casefold().replace("\0", " ").split())


def name_of(text: str) -> str:
    """Write a name as it is kept and searched: without what pads it in a form."""
    return _PADDING.sub("", normalised(text))


def grams_of(text: str) -> set[str]:
    """The two-character pieces of a normalised text's words; most Chinese terms have two."""
    return {word[i : i + 2] for word in text.split() for i in range(len(word) - 1)}


def words_of(text: str) -> list[str]:
    """List the words of a search, separated by blanks."""
    return [word for one in text.split() if (word := normalised(one))]


def is_han(word: str) -> bool:
    return re.fullmatch(f"[{HAN}]+", word) is not None


# --- in SQL

_SAYS: Final = """
    {one} IN (SELECT s.{key} FROM views.{table} s
               WHERE s.grams @> %(grams_{n})s::text[] AND position(%(word_{n})s IN s.body) > 0
                 AND s.position <= %(position)s)
"""
_SAYS_CHARACTER: Final = """
    {one} IN (SELECT s.{key} FROM views.{table} s
               WHERE position(%(word_{n})s IN s.body) > 0 AND s.position <= %(position)s)
"""


def said(text: str, *, one: str, key: str, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the condition and parameters of each word: `one` is among those that a row of the table,
    which has `grams`, `body` and `position`, tells by its `key`."""
    for n, word in enumerate(words_of(text)):
        grams = sorted(grams_of(word))
        says = _SAYS if grams else _SAYS_CHARACTER
        parameters = {f"grams_{n}": grams, f"word_{n}": word}
        yield says.format(n=n, one=one, key=key, table=table), parameters


def said_by(text: str, *, one: str, function: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same by a function of the database, which looks where its caller may not."""
    for n, word in enumerate(words_of(text)):
        says = (
            f"{one} IN (SELECT views.{function}(%(grams_{n})s::text[], %(word_{n})s, %(position)s))"
        )
        yield says, {f"grams_{n}": sorted(grams_of(word)), f"word_{n}": word}
