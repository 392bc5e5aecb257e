"""Figures in prose: sentences are read from left to right, each number with the words that lead to it.

The words between two figures (the lead) name an account or project, a measure, a year; what a lead leaves out is taken from
the clause, the item, the paragraph or the heading before it. A figure that nothing places keeps no term.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise, takewhile

from dagster_project.extraction import counts, rates
from dagster_project.extraction.collector import Collector
from dagster_project.extraction.context import NO_PROJECT_TITLE, Context, context_of
from dagster_project.extraction.headings import Section
from dagster_project.extraction.money import (
    BY_KIND,
    CHANGED_TO,
    CLASS_OF_PROJECTS,
    VEHICLES,
    MoneyClauses,
    State,
    Subject,
    is_no_budget,
    measure_only,
)
from dagster_project.extraction.none_statements import NoneStatements
from dagster_project.extraction.nonfigures import quoted_ranges, reason_not_a_figure
from dagster_project.extraction.numbers import Number, scan
from dagster_project.extraction.rows import Figure, Identity
from dagster_project.extraction.sentences import Passage, passages
from dagster_project.extraction.spot import Spot
from dagster_project.extraction.subjects import (
    LISTED_TAIL,
    SOME_PROJECTS,
    VERB,
    behind_last,
    functional_label,
    functional_term,
    lacks_item,
    project_name,
    strip_enumerator,
    unquoted,
    words,
)
from dagster_project.extraction.vocabulary import vocabulary
from dagster_project.reading.folding import fold

_BARE_RATE = re.compile(r"(率|得分|评分|总分|自评分)(?:为|是|达到?|:)?$")
_PER_HEAD = re.compile(
    r"(?:[人户亩次日月单床校村车台辆]均|[人户村组亩]平(?![方安台均等衡价])|平均每)[^,;。]{0,16}$|每(?:个|名|位)?(?!年|月|季|日|天)[^,;。\d]{1,6}$"
)
_UP_TO = re.compile(r"\d[\d.]*[-—~至到]$")  # 每个补助5-8万元
_PER_PUPIL = re.compile(r"[生师]均[^,;。]{0,16}$")  # 生均公用经费 is a fund's name too, in 万元
_PER_MONTH = re.compile(r"每(?:人)?每?[月日天](?:发放|补助|补贴)?$")  # a standard
_STANDARD = re.compile(r"(?:标准|均价|单价|限价)(?:为|是|:)?$")  # 低于预算标准900元
_CAME_IN = re.compile(r"[,、]?实际到位(?:资金)?(?:为|:)?")
_MARK = 8  # characters of a mark before an item
_INTRODUCED = 60  # characters between a count and what introduces the list
_KIND_OF_PROJECTS = re.compile(r"(?:其中[:,]?|[、,](?!其中))([一-鿿]{2,8}(?<!实施)(?<!安排)项目)$")
_PART_OF_OUTPUT = re.compile(r"[,(]?其中")
_UNIT_COST = re.compile(r"/[一-鿿㎡]|每[人户亩天次件台辆吨平]")
_AT_A_STANDARD = re.compile(r"按(?:照)?[^,;。]{1,30}标准")  # 按镇级1万元、村级0.5万元标准安排77万元
_UNIT_LINE = re.compile(r"单位[:为]?(?:人民币)?(元|万元|千元|亿元)")
_TRAILING_MEASURE = re.compile(
    r"^(?:\([^)]*\))?(?:(?:均|都)?(?:为|系|属于?|是)|[,;](?:(?:以上|上述|这些)[^,;。]{0,8})?(?:均|都|全部)(?:为|系|属于?|是|来自|列入|纳入))([^,;。]{2,16})"
)
_LIST_INTRODUCTION = (":", *(word + stop for word in ("如下", "包括", "分别是", "分别为") for stop in ("", "。")))
_TOPIC = re.compile(r"(.{2,50}?)(?:项目)?(?:绩效自评综述|自评综述|绩效自评情况|绩效情况)?:")
_MONEY_AT_ONCE = re.compile(
    r"[:(](?:年初[无未](?:安排)?预算,)?(?:20\d\d年(?:度)?|年初|年中|全年|本年|财政|资金|计划|共|总|实际|[(])*(?:预算|批复|安排|投入|下达|到位|支出|拨付|追加)[^,;。\d]{0,6}\d[\d,.]*[万亿]?元"
)
_YEAR_FIRST = re.compile(r"(20\d\d)年(?:度)?(?![末底初]|\d{1,2}月|[至到\-—、和])")
_NUMERAL = re.compile(r"[0-9两二三四五六七八九十百千]")
_ZERO_EVENT = re.compile(r"[“\"]?零(?:发生|发案|事故|伤亡|死亡|感染|上访|投诉|失误|差错|增长|扩散|纠纷)[”\"]?")
_RESPECTIVE = re.compile(r"([^,;:。]+?)(分别(?:为|是|达到?|占|完成|安排|支出|有)?)$")
_EACH_OF_THEM = re.compile(r"[,;]?(?:其中[:,]?)?分别(?:为|是|支出|安排)$")
_OF_THE_WHOLE = re.compile(
    r"(?:与|比|较|同比|和)(?=20\d\d年|上年|去年|上一年|年初|预算|同期|[增减下上])|同比|"
    r"(?:全年|年末|本年|当年|截[至止]年[底末])(?:共|累计|合计|实际)*(?:支出|完成|执行|使用|列支|开支|支付|结转|结余)"
)
_YEARS_EACH = re.compile(r"(20\d\d)年?(?:度)?(?:至|到|-|—|~|、|和)(20\d\d)年(?:度)?([^,;。]{0,24}?)分别(?:为|是)$")
_RATED = (
    r"(?:[较比][^,;。\d]{1,10}?|同比)?(?:增加|减少|增长|下降|节约|压减|降低|上升|提高)(?:了|为)?|"
    r"(?:完成|占)[^,;。\d]{0,6}预算(?:数)?的"
)
_SOME_OF_IT = re.compile(r"[^,;:。\d]{0,8}(?=\d*[1-9.])\d[\d,.]*[万亿]?元")
_CHANGED_EACH = re.compile(rf"[,;]?([^,;。]{{0,16}}?)分别({_RATED})$")
_RATED_EACH = re.compile(rf"([^,;:。]+?)(同比|[较比][^,;。、]{{1,6}}?)?分别({_RATED})$")
_ITEM = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}是|[(]\d{1,2}[)]|[(][一二三四五六七八九十]{1,3}[)]|[①-⑳]|(?<!\d)\d{1,2}[、.．](?!\d))"
)


class ProseReader(MoneyClauses):
    """Reads the prose of one document into a collector."""

    def __init__(self, collector: Collector, identity: Identity) -> None:
        super().__init__(collector, identity)
        self.nones = NoneStatements(collector, identity)
        self.announced: Subject | None = None  # the functional item that the paragraph before only names

    def read(self, items: Sequence[Passage]) -> None:
        """Read all passages in order."""
        path: str | None = "\0"
        for passage in items:
            section_path = passage.section.path if passage.section else None
            if section_path != path:
                chapter = (section_path or "").split(" / ")[0]
                if chapter != self.chapter:
                    self.section_figures, self.chapter, self.list_parent = [], chapter, None
                path = self.path = section_path
                if self.intro_path is None or not (section_path or "").startswith(self.intro_path):
                    self.intro = None
                self.state = State()
                self.nones.enter(passage)
            context = context_of(section_path)
            listed = context.project is not None and context.project_listed
            listed = listed or (
                self.project is not None and context.item is not None
            )  # an item of the report's project
            self.list_path = (section_path or "").rpartition(" / ")[0] if listed else section_path
            if "单位" in passage.text and (m := _UNIT_LINE.search(passage.text)):
                self.unit = m[1]
            enumerated = strip_enumerator(passage.text)[1]
            self.state = State(measure=self.state.measure if enumerated and context.lists_projects else None)
            self.inline_heading = _goes_on_behind_heading(passage)
            announced, self.announced = self.announced, None
            if not (passage.is_heading or enumerated):
                self.state.subject = self.state.top = announced
            if passage.is_heading or not self.state.subject:
                self._section_topic(context, passage)
            self._topic(passage, context)
            self.several_books = _names_another_book(passage.text, context)
            for start, end in passage.sentences():
                self.sentence_no += 1
                self._sentence(passage, start, end, context)
            if passage.text.endswith(_LIST_INTRODUCTION):
                self.intro = "project" if re.search(r"项目|专项", passage.text[-60:]) else "other"
                self.intro_path = section_path

    def _topic(self, passage: Passage, context: Context) -> None:
        """A paragraph that opens with a project's name and a colon, or with a name and a full stop, is about that project."""
        if passage.text.find(":", 2, 60) < 0:
            return
        opening = _TOPIC.match(passage.text)
        if not opening or re.search(r"\d(?!\d*年|、)", strip_enumerator(opening[1])[0]):
            return
        piece, numbered = strip_enumerator(opening[1])
        listed = (
            context.in_project_chapter
            or context.lists_projects
            or self.intro == "project"
            or (numbered and context.kind in ("funds", ""))
        )
        named = LISTED_TAIL.search(piece) or (
            _MONEY_AT_ONCE.match(passage.text, opening.end() - 1)
            and not (words(piece.partition("(")[0]) or measure_only(piece))
        )
        if "综述" in opening[0] or (listed and named and not VERB.match(piece) and not NO_PROJECT_TITLE.search(piece)):
            name = project_name(piece)
            if name and not self._is_aggregate(name):
                self.state.subject = self.state.top = Subject(name, None, "project_item", name)

    def _section_topic(self, context: Context, passage: Passage) -> None:
        """Under a heading that names a project, figures without a subject are that project's."""
        name = context.project
        known = (
            context.project_listed
            or self.intro == "project"
            or bool(name and re.search(r"经费|专项|项目|资金|补助", name))
        )
        if (
            name
            and known
            and (context.kind != "performance" or context.project_listed)
            and not self._is_aggregate(name)
            and not VERB.match(name)
        ):
            self.state.subject = self.state.top = Subject(name, None, "project_item", name)
        elif (item := context.item) and (item in self.project_names or self._opens_with_money(passage, item, context)):
            self.state.subject = self.state.top = Subject(item, None, "project_item", item)

    def _opens_with_money(self, passage: Passage, item: str, context: Context) -> bool:
        """②公厕建设：安排260万元，支出251万元: the heading of a paragraph that tells its money at once is a project's name."""
        if not (self.inline_heading and context.kind in ("funds", "") and _MONEY_AT_ONCE.match(passage.text)):
            return False
        listed = self.project or context.in_project_chapter or self.intro == "project" or LISTED_TAIL.search(item)
        no_name = words(item.partition("(")[0]) or functional_term(item) or measure_only(item) or VERB.match(item)
        return bool(listed) and not no_name

    def _project_topic(self, text: str, context: Context) -> bool:
        """A numbered item that only names a project (2.乡村医生养老补助经费。) is what the next sentences are about; True if so."""
        if not (context.in_project_chapter or self.intro == "project" or context.kind in ("funds", "")):
            return False
        plain, numbered = strip_enumerator(text.strip("。;:, "))
        listed = context.in_project_chapter or self.intro == "project" or (numbered and context.kind in ("funds", ""))
        if (
            not (numbered or context.lists_projects or self.intro == "project")
            or not listed
            or len(plain) > 40
            or VERB.match(plain)
        ):
            return False
        name = project_name(plain)
        if (
            not name
            or not LISTED_TAIL.search(name)
            or self.vocabulary.accounts.get(name)
            or self._is_aggregate(name)
            or re.search(r"情况|分析|管理|绩效|如下|使用$", name)
        ):
            return False
        self.state.subject = self.state.top = Subject(name, None, "project_item", name)
        return True

    def _sentence(self, passage: Passage, start: int, end: int, context: Context) -> None:
        text = passage.text[start:end]
        state = self.state
        self.sentence_text = text
        state.subject = self._of_the_whole(text) or state.top or state.subject
        state.parent = state.parent_subject = state.near = state.year = state.bracket = None
        state.mentioned, state.by_kind = False, None
        state.in_row, state.group = None, len(state.figures)
        opened = _YEAR_FIRST.match(text)
        earlier = opened is not None and self.year is not None and int(opened[1]) < self.year
        # 2020年度任务5万亩，投资7800万元，当年支出7020万元: the year of all of it
        state.opening_year = state.year = int(opened[1]) if opened and earlier else None
        self._by_kind(text)
        if self.nones.statement(passage, start, end, text, context):
            return
        numbers = scan(text) if _NUMERAL.search(text) else []
        if "零" in text:
            for m in _ZERO_EVENT.finditer(text):
                counts.zero_event(self, passage, start, text, m)
        kinds = {n.kind for n in numbers}
        code = functional_term(text) if len(text) < 120 and "money" not in kinds else None
        if code:
            label = functional_label(text) or text.strip("。;,")
            known = not lacks_item(text, code)
            named = Subject(label, code, "f" + code) if known else Subject(label, None, "unclassified")
            self.state.subject = self.state.top = named
            self.announced = self.state.top if text == passage.text and not passage.is_heading else None
        if not kinds or kinds == {""}:
            project = not code and self._project_topic(text, context)
            short = len(text) <= 24 and context.kind in ("funds", "", "organisation") and not project
            said = words(unquoted(text)) if short else ()
            if len(said) == 1 and said[0].account and not said[0].measure:
                self.state.subject = self.state.top = Subject(said[0].label, said[0].label, said[0].account)
        if not numbers:
            return
        quotes = quoted_ranges(text)
        at = 0  # where the lead of the next figure begins
        sentence_figures: list[tuple[Figure, Subject | None, bool]] = []
        usable: list[Number] = []
        for number in numbers:
            reason = reason_not_a_figure(text, number, quotes)
            bare = reason == "no_unit" and self._bare_kind(text, number, context)
            if reason and not bare:
                self.collector.omit(*passage.span(start + number.value_start, start + number.value_end), reason)
                continue
            usable.append(number)
        shared: list[str] = []
        for i, number in enumerate(usable):
            lead = text[at : number.start]
            if shared and re.fullmatch(r"[,、;和与及]*", lead):
                lead = "," + shared.pop(0)
            else:
                shared = self._shared(lead, text, usable, i, sentence_figures) if "分别" in lead else []
                if shared:
                    lead = shared.pop(0)
            following = text[number.end : usable[i + 1].start if i + 1 < len(usable) else len(text)]
            done = self._figure(Spot(passage, start, text, at, number, lead, following, context), sentence_figures)
            if done:
                at = number.end
        self._trailing_measure(text, usable, sentence_figures)

    def _shared(
        self,
        lead: str,
        text: str,
        numbers: Sequence[Number],
        first: int,
        done: Sequence[tuple[Figure, Subject | None, bool]],
    ) -> list[str]:
        """…分别为x、y和z: the leads of the amounts from the `first` number on, each with its own words; empty for no such row."""
        between = (text[a.end : b.start] for a, b in pairwise(islice(numbers, first, None)))
        count = 1 + sum(1 for _ in takewhile(_between_each, between))
        return (
            _years_each(lead, count)
            or respective(lead)
            or _rated_each(lead, count)
            or self._said_together(lead)
            or _changed_each(
                lead,
                count,
                [x.label for _, x, _ in done if x is not None] or self._counted_labels(),
                "" if numbers[first].kind == "percent" else ",",
            )
        )

    def _counted_labels(self) -> list[str]:
        """What the sentence has counted, in order."""
        latest = takewhile(lambda f: f.sentence_no == self.sentence_no, reversed(self.collector.figures))
        return [f.label for f in latest if f.kind == "output"][::-1]

    def _of_the_whole(self, text: str) -> Subject | None:
        """基本支出1004万元：工资816万元，…。与上年相比增加46万元。: what a sentence without subject behind a list is about."""
        if not _OF_THE_WHOLE.match(text):
            return None
        before = self.said_in(self.sentence_no - 1)
        if len({x.label for _, x in before}) < 3:
            return None
        parts = Counter(f.part_of_figure_no for f, _ in before if f.part_of_figure_no is not None)
        of, count = parts.most_common(1)[0] if parts else (0, 0)
        if count < 2 or count * 2 < parts.total():
            return before[0][1]
        above = {f.figure_no: f.part_of_figure_no for f, _ in before}
        if (wider := above.get(of)) is not None and parts[wider] > 1:
            of = wider  # 其中基本支出512万元（工资438万元、…），项目支出408万元: of what both are parts of
        return next((x for f, x in self.state.figures if f.figure_no == of), before[0][1])

    def _by_kind(self, text: str) -> None:
        """按支出性质分：工资福利支出826万元，…: what the sentence before stated is divided in another way."""
        before = self.said_in(self.sentence_no - 1) if BY_KIND.match(text) else []
        if before and before[0][1].account in ("total", "basic", "project", "project_item"):
            same = [said for said in before if said[1].label == before[0][1].label]
            spent = [said for said in same if self.measure_of(said[0]) == "actual"]
            whole = spent[-1] if spent else before[0]
            self.state.parent, self.state.parent_subject = whole
            self.state.measure = self.state.by_kind = whole[0].measure_term

    def _said_together(self, lead: str) -> list[str]:
        """甲经费及乙经费共9万元，分别为5万元和4万元: the names that the amount before was said of, as its parts."""
        subject = self.state.subject
        if (
            not _EACH_OF_THEM.match(lead)
            or subject is None
            or subject.account != "project_item"
            or self.state.last is None
        ):
            return []
        names = [n for n in re.split(r"[、和与及]", subject.label) if n]
        if len(names) < 2 or not all(LISTED_TAIL.search(n) for n in names):
            return []
        self.state.parent, self.state.parent_subject = self.state.last, subject
        return ["," + n for n in names]

    def _bare_kind(self, text: str, number: Number, context: Context) -> bool:
        """A number without unit counts where its label stands right before it: 在职人员28, 预算数582.71."""
        if text.startswith(" ", number.end):
            return False  # 人员经费 812.5 820.3: a row of a table whose columns nobody knows
        before = re.sub(r"(?:为|是|有|共|共计|:)+$", "", text[max(0, number.start - 14) : number.start])
        if "." not in number.value_as_written and self.vocabulary.metrics("staff").ending(before):
            return context.kind in ("organisation", "") or "编制" in before
        if before.endswith(("率", "得分", "评分", "总分", "自评分")) and number.value <= 200:
            return True
        ending = words(before)
        return (
            "." in number.value_as_written
            and bool(ending)
            and ending[-1].end == len(before)
            and len(ending[-1].label) > 2
        )

    def _figure(self, spot: Spot, done: list[tuple[Figure, Subject | None, bool]]) -> bool:
        """Take the number as what its unit and lead say; True when the next lead begins behind it."""
        number, lead, following = spot.number, spot.lead, spot.following
        kind = number.kind
        if kind == "" and (m := _BARE_RATE.search(lead)):
            score = m[1] != "率"
            return (rates.score if score else rates.rate)(self, spot)
        in_yuan = number.unit == "元" and any(p.search(lead) for p in (_PER_PUPIL, _PER_MONTH, _STANDARD))
        per_head = _PER_HEAD.search(_UP_TO.sub("", lead)) or in_yuan
        before = self.figure_before()
        # 由每人每年2万元提高到3万元; 应收款86万元，其中一年以上45万元
        goes_on = before is not None and before.kind == "output"
        of_output = goes_on and (
            CHANGED_TO.search(lead) or (_PART_OF_OUTPUT.match(lead) and not words(lead)) or _CAME_IN.fullmatch(lead)
        )
        # 补助标准为每人每年610元，个人缴费320元
        like_it = goes_on and number.unit == "元" and before is not None and before.unit == "元" and not words(lead)
        standard = kind == "money" and _is_standard(spot)
        if kind == "money" and (_UNIT_COST.match(following) or per_head or of_output or like_it or standard):
            counts.money_output(self, spot)
            return not standard  # 运行经费按镇级1万元标准支出7万元: what was named before is what was spent on
        if kind == "money" or (kind == "" and "." in number.value_as_written):
            if (
                number.unit == "万"
                and re.match(r"[^\W\d]", following)
                and not re.match(r"[,;。、)]", following)
                and not words(lead)
            ):
                return counts.count(self, spot)
            figure, subject, explicit = self._money(spot)
            if figure is not None:
                done.append((figure, subject, explicit))
            return True
        if kind == "percent":
            return rates.rate(self, spot)
        if kind == "score":
            return rates.score(self, spot)
        return counts.count(self, spot)

    def count_projects(self, lead: str) -> None:
        """共实施5个项目，支出181万元: the next amount is project expenditure; of 产业项目9个286万元 behind a project that part of it."""
        kind, subject = _KIND_OF_PROJECTS.search(lead), self.state.subject
        if subject is not None and subject.account == "project_item" and self._in_this_sentence(self.state.last):
            if kind:
                self.state.subject = self.state.near = Subject(kind[1], None, "project_item", kind[1])
            return
        self.state.subject = self.state.top = self.state.near = Subject("项目支出", "项目支出", "project")
        self.state.counted = self._measure(behind_last(",;:。", lead))[0]
        self.counted_projects = True

    def _in_this_sentence(self, figure: Figure | None) -> bool:
        return figure is not None and figure.sentence_no == self.sentence_no

    def mention(self, lead: str) -> None:
        """国内公务接待78批次，共支出…: a count's words may name what the next amount is spent on."""
        for word in words(unquoted(lead)):
            if word.account in ("reception", "overseas_travel", "e30215", "e30216", *VEHICLES):
                self.state.subject = self.state.near = Subject(word.label, word.label, word.account)
                self.state.mentioned = True
        if projects := CLASS_OF_PROJECTS.search(lead):
            self.state.subject = self.state.top = self.state.near = Subject(projects[0], None, "unclassified")

    def _trailing_measure(
        self,
        text: str,
        usable: list[Number],
        done: list[tuple[Figure, Subject | None, bool]],
    ) -> None:
        """…15.31 万元为追加预算: a measure behind the last amount holds for all amounts of the sentence that name none."""
        if not done or not usable or usable[-1].kind != "money":
            return
        m = _TRAILING_MEASURE.match(text[usable[-1].end :])
        if not m:
            return
        found = [w.label for w in words(m[1]) if w.measure and not is_no_budget(m[1], w)]
        if not found or self.vocabulary.measures.get(found[0]) not in ("adjustment", "initial_budget", "carryover_in"):
            return
        for figure, _, explicit in done:
            if not explicit:
                i = figure.figure_no - 1
                self.collector.figures[i] = self.collector.figures[i]._replace(
                    measure_term=found[0], part_of_figure_no=None
                )


def _is_standard(spot: Spot) -> bool:
    """True for an amount between 按 and 标准: what each gets, not what was spent."""
    if "标准" not in spot.text:
        return False
    return any(m.start() < spot.number.start < m.end() for m in _AT_A_STANDARD.finditer(spot.text))


def respective(lead: str) -> list[str]:
    """A、B和C分别为 x、y、z: the lead of each amount, in order; empty when `lead` is nothing of the kind."""
    m = _RESPECTIVE.search(lead) if "分别" in lead else None
    if not m:
        return []
    names = re.split(r"[、和与及]", m[1])
    names = [n for n in names if n]
    if len(names) < 2:
        return []
    before = lead[: m.start()]
    # 基本支出和项目支出预算分别为: what follows the last name belongs to all.
    return [before + names[0], *names[1:]]


def _names_another_book(text: str, context: Context) -> bool:
    """True where a paragraph below the heading of one budget book has an amount of another: its totals are of both."""
    books = vocabulary().books
    own = books.get(context.book_term) if context.book_term else None
    return own is not None and any(m.code != own and _SOME_OF_IT.match(text, m.end) for m in books.find(text))


def _rated_each(lead: str, count: int) -> list[str]:
    """基本支出和项目支出分别较上年下降3%和4%: the leads of the rates, each with its name; empty when they are not as many."""
    m = _RATED_EACH.search(lead)
    names = [n for n in re.split(r"[、和与及]", m[1]) if n] if m else []
    if m is None or count < 2 or len(names) != count:
        return []
    return [f"{lead[: m.start()] if i == 0 else ','}{name}{m[2] or ''}{m[3]}" for i, name in enumerate(names)]


def _goes_on_behind_heading(passage: Passage) -> bool:
    """True for what stands behind a heading and a colon on its line, or in a bracket: 公厕管护（预算26万元）."""
    at_once = passage.section is not None and passage.starts[0] == passage.section.heading_end
    return passage.text.startswith(":") or (at_once and passage.text.startswith("("))


def _between_each(lead: str) -> bool:
    return re.fullmatch(r"[,、;和与及]+", lead) is not None


def _years_each(lead: str, count: int) -> list[str]:
    """2019年至2021年“三公”经费分别为: the leads of the amounts, each with its year; empty when they are not as many."""
    m = _YEARS_EACH.search(lead)
    if not m:
        return []
    years = range(int(m[1]), int(m[2]) + 1)
    return [f"{lead[: m.start()]},{year}年{m[3]}" for year in years] if len(years) == count > 1 else []


def _changed_each(lead: str, count: int, labels: Sequence[str], pause: str) -> list[str]:
    """会议费6万元，培训费1万元，较上年分别减少3万元和2万元: the leads of the changes, each with the name of its amount."""
    m = _CHANGED_EACH.search(lead)
    named = list(dict.fromkeys(labels))
    if not m or count < 2 or len(named) < count:
        return []
    return [f",{name}{pause}{m[1]}{m[2]}" for name in named[-count:]]


def _kind_of_mark(mark: str) -> str:
    return re.sub(r"[\d一二三四五六七八九十①-⑳]+", "#", mark)


def count_listed(collector: Collector, sections: Sequence[Section]) -> None:
    """N 个项目: count the projects that the text then lists, as sub-headings or as numbered items of the same section."""
    text = collector.document.text
    places = {e.evidence_no: e for e in collector.evidence_rows}
    for i, figure in enumerate(collector.figures):
        if figure.kind != "organisation" or figure.term != "项目" or figure.value < 2:
            continue
        at = places[figure.evidence_no].char_end
        here = next((s for s in reversed(sections) if s.start <= at), None)
        if here is None or SOME_PROJECTS.search(text[at : at + _INTRODUCED]):
            continue
        following = next((s.start for s in sections if s.start > at), len(text))
        own = _ITEM.match(fold(text[text.rfind("\n", 0, at) + 1 : at]).text.strip())
        then = _ITEM.search(fold(text[at : following + _MARK]).text)
        if own and then and _kind_of_mark(own[0]) == _kind_of_mark(then[0]):
            continue  # 2.衔接资金586万元，实施项目23个: of one item of a list
        below = [s for s in sections if s.start > at and s.path.startswith(here.path + " / ")]
        depth = min((s.path.count(" / ") for s in below), default=0)
        listed = sum(s.path.count(" / ") == depth and not NO_PROJECT_TITLE.search(s.title) for s in below)
        if not listed:
            marks = [m[0] for m in _ITEM.finditer(fold(text[at:following]).text)]
            listed = sum(_kind_of_mark(m) == _kind_of_mark(marks[0]) for m in marks)
        if listed:
            collector.figures[i] = figure._replace(listed_count=listed)


def extract_prose(collector: Collector, identity: Identity, sections: Sequence[Section]) -> None:
    """Read all prose that no form has consumed: figures, none statements, omissions go to the collector."""
    reader = ProseReader(collector, identity)
    items = list(passages(collector.document, sections, collector))
    reader.read(items)
    count_listed(collector, sections)
    reader.nones.close()
