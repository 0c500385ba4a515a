"""Words of the log, its seals and proofs, and of what keeps up with it."""

from typing import Final

WORDS: Final = {
    "Attaching.of_kind": "所属对象的类别 (kind of the thing it belongs to)",
    "Attaching.title": "说明 (what it shows)",
    "Attachment": "一份附件 (an attachment)",
    "Attachment.at": "何时添加 (when it was attached)",
    "Attachment.by": "由谁添加 (who attached it)",
    "Attachment.size": "字节数 (size in bytes)",
    "Attachment.status": "是否已存：等待上传、已存或缺失 (waiting, stored or missing)",
    "Attachment.title": "说明 (what it shows)",
    "AttachmentsFound.attachments": "附件，按添加的先后 (attachments, in the order attached)",
    "AttachmentsFound.of": "所属的对象 (the thing they belong to)",
    "AttachmentsFound.of_kind": "所属对象的类别 (kind of that thing)",
    "Event.position": "事件的记录位置 (position of the event in the log)",
    "EventFound.event": "该位置的事件 (the event at the position)",
    "EventFound.thing": "所属的对象，类别:标识 (what it happened to, as kind and id)",
    "EventNamed": "一个事件的种类和时间 (an event by its kind and times)",
    "EventNamed.occurred_at": "发生时间 (occurred at)",
    "EventNotice": (
        "有新记录的通知；内容另行查询 (that something was recorded: what it says is asked for "
        "separately)"
    ),
    "EventNotice.stream": (
        "对象的标识；空：不告知，如投诉 (the thing's id; null: not told, as of complaints)"
    ),
    "PromiseTold": "一个时限及其推算过程 (a promise, and how its due time was computed)",
    "PromiseTold.name": "时限的名称 (name of the promise)",
    "PromiseTold.round": "第几轮；复查、复核的时限为其层级 (round; of a review, its level)",
    "PromiseTold.started_at": "起算时间 (when it began to run)",
    "Timeline.events": "可以查看的事件，按记录先后 (events that may be seen, as recorded)",
    "Timeline.hidden": (
        "未显示的事件数，只告知督导和审计人员 "
        "(how many events are left out, told to supervisors and auditors)"
    ),
    "Timeline.key": "对象的标识或编号 (its id or code)",
    "Timeline.kind": "对象的类别 (kind of thing)",
    "Timeline.position": "已查到的记录位置 (everything up to here was looked at)",
    "Timeline.stream": "对象的标识或名称 (the thing's id or name)",
    "TimelineEvent": "一个事件的全部内容 (an event as it stands in the log)",
    "TimelineEvent.kind": "事件的种类 (kind of the event)",
    "TimelineEvent.links": "涉及的其他对象，类别:标识 (other things that it names, as kind and id)",
    "TimelineEvent.occurred_at": "发生时间 (occurred at)",
    "TimelineEvent.version": "该对象的第几个事件 (which event of the thing)",
    "ViewStatus": "一个查询视图的进度 (how far a view has come)",
    "ViewStatus.name": "视图的名称 (name of the view)",
    "ViewStatus.position": "已处理到的记录位置 (position that it has come to)",
    "ViewStatus.version": "视图定义的版本 (version of its definition)",
    "actor": "操作人 (actor)",
    "causation": "引起本事件的事件标识 (id of the event that caused it)",
    "command_id": "操作的标识 (id of the command)",
    "correlation": "同一连串事件的标识 (id shared by the events of one chain)",
    "data": "事件内容 (what happened)",
    "event_id": "事件的标识 (id of the event)",
    "explanation": "到期时间的逐步推算 (how the due time was computed, step by step)",
    "lag": "落后的事件数 (events behind)",
    "met_at": "兑现时间；空：尚未兑现 (kept at; null: not yet)",
    "met_on_record_at": "兑现登记在案的时间 (when it was recorded that it was met)",
    "missed_on_record_at": (
        "记录为未按时兑现的时间，不因补录而改变 (when it was recorded as missed; no later entry "
        "changes that)"
    ),
    "paused_since": "暂停开始的时间；空：没有暂停 (paused since; null: it runs)",
    "stopped_at": "停止时间；空：没有停止 (stopped at; null: not stopped)",
    "topic": "事件种类和版本 (topic: kind and version)",
}
