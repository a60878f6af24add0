"""The words that a text to us may consist of, per language; nothing else is understood.

Each is written as it is compared: NFKC, case-folded, single spaces, straight apostrophes. Left out
on purpose: words that only say that a text was read (ok, d'accord, vale, хорошо, 好的, حسنا), and
every word that carriers act on (YES is theirs, so English has no yes).
"""

from collections.abc import Mapping

ACCEPT, DECLINE = "accept", "decline"
AWAY, BACK, STATUS, DONE, WITHDRAW = "away", "back", "status", "done", "withdraw"
HELP, CRISIS, UNCLEAR = "help", "crisis", "unclear"
STOP, START, CARRIER_HELP = "stop", "start", "carrier_help"

# What the carriers hear in any language, when it is all that a text says.
CARRIERS: Mapping[str, tuple[str, ...]] = {
    STOP: (
        "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "arret",
        "arrêt",
    ),
    START: ("start", "yes", "unstop"),
    CARRIER_HELP: ("help", "info"),
}  # fmt: skip

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        ACCEPT: ("accept", "accepted", "i accept", "coming", "i'm coming", "i am coming"),
        DECLINE: (
            "no", "decline", "declined", "i decline", "refuse", "no thanks", "no, thanks",
            "no thank you", "no, thank you", "i can't", "i cannot", "can't", "cannot",
        ),
        AWAY: ("away",),
        BACK: ("back", "i'm back", "i am back"),
        STATUS: ("status",),
        DONE: ("done",),
        WITHDRAW: ("withdraw",),
        CRISIS: ("crisis",),
    },
    "fr": {
        ACCEPT: ("oui", "j'accepte", "accepte", "accepté", "j'arrive", "je viens"),
        DECLINE: (
            "non", "je refuse", "refuse", "refusé", "non merci", "non, merci",
            "je ne peux pas", "je décline",
        ),
        AWAY: ("absent", "absente"),
        BACK: ("retour", "de retour"),
        STATUS: ("statut", "état", "etat"),
        DONE: ("terminé", "termine", "fini"),
        WITHDRAW: ("retrait", "je me retire"),
        CRISIS: ("crise",),
    },
    "es": {
        ACCEPT: ("sí", "si", "acepto", "aceptado", "voy"),
        DECLINE: ("no", "rechazo", "no acepto", "no puedo", "no gracias", "no, gracias"),
        AWAY: ("ausente",),
        BACK: ("de vuelta", "regreso"),
        STATUS: ("estado",),
        DONE: ("terminado", "hecho"),
        WITHDRAW: ("retiro", "me retiro"),
        CRISIS: ("crisis",),
    },
    "ru": {
        ACCEPT: ("да", "принимаю", "согласен", "согласна"),
        DECLINE: (
            "нет", "отказ", "отказываюсь", "не могу", "не согласен", "не согласна",
            "нет спасибо", "нет, спасибо",
        ),
        AWAY: ("отсутствую",),
        BACK: ("вернулся", "вернулась"),
        STATUS: ("статус",),
        DONE: ("готово", "завершено"),
        WITHDRAW: ("выбываю",),
        CRISIS: ("кризис",),
    },
    "zh": {
        ACCEPT: (
            "是", "是的", "接受", "我接受", "同意", "我同意", "愿意", "我愿意", "願意", "我願意",
        ),
        DECLINE: (
            "否", "不", "不是", "不接受", "我不接受", "拒绝", "我拒绝", "拒絕", "我拒絕", "不同意",
            "我不同意", "不能", "我不能", "不行", "不可以", "不愿意", "我不愿意", "不願意",
        ),
        AWAY: ("外出", "不在"),
        BACK: ("回来", "回来了", "我回来了", "回來", "回來了"),
        STATUS: ("状态", "狀態"),
        DONE: ("完成", "已完成"),
        WITHDRAW: ("退出", "我退出"),
        CRISIS: ("危机", "危機"),
    },
    "ar": {
        ACCEPT: (
            "نعم", "أقبل", "اقبل", "قبلت", "أوافق", "اوافق", "موافق", "موافقة",
        ),
        DECLINE: (
            "لا", "أرفض", "ارفض", "رفض", "لا أقبل", "لا اقبل", "لا أوافق", "لا اوافق",
            "غير موافق", "غير موافقة", "لا أستطيع", "لا استطيع", "لا شكرا", "لا شكرًا", "لا، شكرا",
        ),
        AWAY: ("غائب", "غائبة"),
        BACK: ("عدت", "لقد عدت"),
        STATUS: ("الحالة", "حالة"),
        DONE: ("انتهيت", "أنجزت", "انجزت", "تم"),
        WITHDRAW: ("أنسحب", "انسحب", "انسحاب"),
        CRISIS: ("أزمة", "ازمة"),
    },
}  # fmt: skip

# May follow the number of days after AWAY.
DAYS = (
    "d", "day", "days", "j", "jour", "jours", "día", "días", "dia", "dias", "день", "дня", "дней",
    "天", "日", "يوم", "يوما", "يومًا", "أيام", "ايام",
)  # fmt: skip


def words_of(kind: str) -> tuple[str, ...]:
    """The words of one kind in all languages, each once."""
    return tuple(dict.fromkeys(word for spoken in WORDS.values() for word in spoken.get(kind, ())))
