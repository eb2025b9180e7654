"""Function words: what a question is built of and what never tells its subject.

Written in everyday spelling, folded when loaded. A word that is a function word in one
language and a thing in another (French "car", "son", "sur") is left out: to keep a
word too many costs little, to lose the subject costs the answer.
"""

from __future__ import annotations

from ..kit.fold import words

__all__ = ["STOPWORDS"]

_WORDS = {
    "en": """
        a an the and or but if of to in on at by for from with without about into as than that this these those
        i im ive id me my mine myself you your yours he him his she her hers it its we us our they them their
        am is are was were be been being do does did done have has had having can cannot could may might must
        shall should will would want need needs like please there here what whats when where wheres which who whom
        whose why how get find not no so too very also any some if else just only dont doesnt
    """,
    "fr": """
        le la les l un une des du de d et ou où que qu qui quoi quel quelle quels quelles dont quand comment pourquoi
        je j tu il elle on nous vous ils elles me m te t se s moi toi lui leur leurs mon ma mes ton ta tes sa ses
        notre nos votre vos ce c cet cette ces ceci cela ça est es suis sont sommes êtes être était ai as a avons avez
        ont avoir puis peux peut pouvons pouvez peuvent pouvoir dois doit devons devez doivent faut faire fais fait
        veux veut voudrais voulez trouver au aux à en dans par pour avec sans chez y ne n pas plus si aussi
        s'il plaît combien existe
    """,
    "el": """
        ο η το οι τα του της των τον την τους τις ένας μια μία ένα έναν και κι ή αλλά αν σε στο στη στην στον στα στους
        στις από με για προς χωρίς ως που πού πως πώς ποιος ποια ποιο ποιοι ποιες τι πότε γιατί πόσο πόσα ότι όταν όπως
        εγώ εσύ εμείς εσείς αυτός αυτή αυτό αυτοί αυτά αυτές μου σου μας σας είμαι είσαι είναι είμαστε είστε ήταν
        έχω έχεις έχει έχουμε έχετε έχουν θέλω θέλει θέλουμε θέλετε μπορώ μπορεί μπορούμε μπορείτε μπορούν
        χρειάζομαι χρειάζεται πρέπει βρω βρίσκω κάνω κάνει θα να δεν μην μη πολύ κάτι κάποιος κάποια κάποιο εδώ εκεί
        υπάρχει υπάρχουν παρακαλώ
    """,
    # Greek typed in Latin letters
    "el-Latn": """
        pou pu pos pws ti pote giati poso poios poia poio kai ke gia me se apo to ta tou tis ton tin sto sti stin ston
        mou mu thelo thelw 8elo 8elw theloume exo exw echo exei boro mporo mporw borw mporei na tha den einai ine eimai
        xreiazomai vro vrw yparxei
    """,
    "ar": """
        في من إلى الى على عن مع بدون بين عند لدى حتى منذ أو و ثم لكن أن إن إذا كي لكي لا لم لن ما ماذا متى أين اين كيف
        كم لماذا من مين هل أي أية هذا هذه ذلك تلك هؤلاء هناك هنا الذي التي الذين أنا انا أنت نحن هو هي هم لي لنا له لها
        لهم لك كان كانت يكون تكون هو يوجد توجد أريد اريد بدي نريد أحتاج احتاج يمكن يمكنني يمكننا استطيع أستطيع نستطيع
        يجب علي أجد اجد أحصل وين شو ليش فين إيه قد كل بعض غير كما التي وهل وما وكيف
    """,
    "fa": """
        از به در با بی برای تا را که و یا اما اگر هم من تو او ما شما آنها ایشان این آن اینجا آنجا کجا کجاست چه چی چیست
        چگونه چطور چرا کی چند کدام آیا است هست هستم هستیم هستند بود باشد دارم دارد داریم دارند دارید می میتوانم
        می‌توانم میتوان می‌توان می‌توانیم می‌شود میشود می‌خواهم میخواهم می‌کنم کنم کند کنید باید خواهم نیاز پیدا یک بر
        لطفا من‌را
    """,
    "ur": """
        میں کے کی کا کو سے پر اور یا کہ یہ وہ ہے ہیں ہوں تھا تھے ہو نہیں کیا کہاں کب کیسے کیوں کون کتنا کتنی مجھے میرا
        میری میرے ہم ہمیں ہمارا آپ آپکا اپنے اپنی لیے لئے ساتھ بھی تو ہی چاہیے چاہئے چاہتا چاہتی سکتا سکتی سکتے سکتےہیں
        ملے گا گی کر کرنا ایک اگر جو
    """,
    "ckb": """
        لە بە بۆ لەگەڵ و یان کە ئەم ئەو ئەوە ئەمە من تۆ ئێمە ئێوە ئەوان کوێ لەکوێ چۆن کەی چی بۆچی کێ چەند هەیە دەتوانم
        دەمەوێ پێویستم دەبێت
    """,
    "kmr": """
        li ji bi di de ku û an lê ez tu ew em hûn min te wî wê me we wan ev çi çawa kengî çima kî çend heye dixwazim
    """,
    "so": """
        waa iyo ama laakiin oo ah u ku ka la loo lagu ayaa ayay in haddii aan aad uu ay waxaan waxa xaggee halkee meeqa
        sidee maxaa maxay goorma kee tee yaa anigu adigu annagu waxaan rabaa baahanahay karaa kartaa heli
    """,
    "ln": "na ya mpe to kasi soki ngai yo ye biso bino bango oyo wana wapi ndenge nini nani ntango boni nazali azali",
    "uk": """
        і й та або але що як де коли чому хто який яка яке які скільки чи це цей ця ці той та я ти він вона воно ми ви
        вони мені мене мій моя моє мої нам наш у в на з із зі до від для за про по при без є бути був була не ні так
        можна можу можете можемо потрібно треба хочу знайти
    """,
    "ru": """
        и или но что как где куда когда почему кто какой какая какое какие сколько ли это этот эта эти тот я ты он она
        оно мы вы они мне меня мой моя мое мои нам наш у в во на с со к ко из от до для за о об по при без есть быть был
        была не ни так можно могу можете можем нужно надо хочу найти
    """,
}

STOPWORDS: frozenset[str] = frozenset(word for text in _WORDS.values() for word in words(text))
