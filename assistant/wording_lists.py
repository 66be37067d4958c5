"""The word lists of ``wording``: data, in one place, so that a reviewer can read them without reading code.

Every list is closed. A word that stands in none of them carries meaning of its own and must stand in the source.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _classes(text: str) -> dict[str, str]:
    """Lines ``canonical: form form ...`` to form -> canonical."""
    table: dict[str, str] = {}
    for line in text.strip().splitlines():
        canonical, _, forms = line.partition(":")
        for form in [canonical.strip(), *forms.split()]:
            table[form] = canonical.strip()
    return table


# carry no meaning of their own; negation, firmness and order are read from the text before these are dropped
STOP = _words(
    """a an the of to in on at by for from with within into onto and or as is are was were be been being it its this that
    these those there their them they he she his her we our you your who whom whose which what where when while if then than
    so such also both either each any some other others another do does did done doing has have had having will would shall
    via per about around approximately roughly some very more most much many just because since due thus therefore hence
    not no never cannot without n't don't doesn't didn't isn't aren't wasn't shouldn't mustn't can't won't
    but however although though yet whereas vs versus i e g eg ie etc between among amongst through throughout over under
    up out off upon again further during until till only own how nor neither s t plus against toward towards
    still even well rather instead itself themselves"""
)

# ordinary words of clinical prose that may be added or left out without changing what is claimed
NEUTRAL = _words(
    """give given gives giving administer administered administration receive receiv receives received use used using
    prescribe prescribed prescrib treat treated treatment treating treatments therapy regimen dose doses dosage dosing dos
    patient patients person people individual individuals those someone case cases subject subjects
    recommend recommended recommendation advise advised advice offer offered consider considered considering should must may
    might can could suggest suggested suggests indicate indicated need needed needs require required requires
    take taken takes taking make made course schedule apply applied total-dose amount amounts quantity
    value values level levels concentration concentrations result results measurement measurements measur measured reading
    show shows showed shown find found finding findings report reported reports describe described see seen note noted
    according guidance guideline guidelines formulary practice state states stated say says source
    form via mean means means approximately about roughly around usual usually typically typical generally general
    including include includes included namely particularly especially specific specifically example
    set keep kept respectively i.e. e.g. estimated estimate estimates figure figures ratio odds hazard confidence interval
    ci respectively associated association correlation correlate linked link relate related carry carries carried
    currently present occur occurs occurring occurred people's follow followed following follows thereafter afterwards
    subsequent subsequently next first-line
    serum plasma blood-level then equal equals equivalent corresponds correspond namely called known compared comparison
    cited quoted remember note important importantly key point answer briefly short summary evidence-based fact facts bottom line reminder
    clinicians clinician please recall first-choice yes indeed overall advice
    approx plan planned management manage managed managing strategy approach
    each other others another once
    help helps simply merely indeed overall
    number study studies cohort trial author authors data
    adjust adjusted administered adminster involve condition conditions disorder disorders"""
)

IRREGULAR = _classes(
    """give: gave given gives giving
    take: took taken takes taking
    rise: rose risen rises rising
    fall: fell fallen falls falling
    begin: began begun begins beginning
    show: shown showed shows showing
    find: found finds finding findings
    know: knew known
    mean: meant
    lead: led leads leading
    people: person persons
    child: children paediatric pediatric paediatrics
    woman: women female females
    man: men male males
    week: weeks
    month: months
    day: days
    year: years
    hour: hours
    minute: minutes
    dose: doses dosing dosage dosages
    disease: diseases
    diagnos: diagnosis diagnoses diagnose diagnosed diagnosing diagnostic
    analys: analysis analyses
    crisis: crises
    bas: basis base based"""
)

# forms that mean the same thing in this trade
CANONICAL = _classes(
    """high: raised elevated increased elevat elevation higher highly supraphysiological
    low: reduced decreased lowered subnormal
    lower: lower lowers lowering reduce reduces reducing reduction decrease decreases decreasing
    raise: raise raises raising increase increases increasing
    cancer: cancers malignancy malignancies malignant tumour tumours tumor tumors neoplasm neoplasms neoplasia neoplastic
    liver: hepatic hepat
    kidney: renal kidneys
    haem: haematological hematological haematologic hematologic
    inject: injection injections injected injecting inject parenteral parenterally
    oral: orally mouth
    intramuscular: im intramuscularly
    intravenous: iv intravenously
    subcutaneous: sc subcut subcutaneously subq
    begin: start starts started starting initiate initiated initiating initiation commence commenced commencing
    stop: stops stopped stopping discontinue discontinued discontinuing discontinuation cease ceased
    continu: continue continues continued continuing continuation
    repeat: recheck rechecked rechecking repeated repeating repeats retest
    check: checked checking checks
    test: tests tested testing
    monitor: monitored monitoring monitors track tracked tracking
    imag: imaging image images scan scans
    drug: drugs medicine medicines medication medications
    supplement: supplements supplementation supplementing supplemented
    replac: replacement replace replaced replacing
    prognos: prognosis prognostic
    death: mortality died dying deaths dead fatal
    caus: cause causes caused causing
    lead: leads leading
    prevent: prevents prevented prevention preventing prophylaxis prophylactic
    before: prior
    urgent: urgently urgency emergency immediate immediately
    lifelong: life-long indefinitely indefinite life lifelong
    persist: persistent persistently persisting persists persisted sustained
    improv: improve improves improved improvement improvements improving
    worsen: worsens worsened worsening worse
    abnorm: abnormal abnormally abnormality
    elder: elderly older
    adult: adults
    pregnan: pregnancy pregnant pregnancies
    breastfeed: breastfeeding lactation lactating breast-feeding
    infant: infants neonate neonates newborn newborns neonatal baby babies
    women: women woman
    gastrectom: gastrectomy gastrectomies
    deficien: deficiency deficient deficiencies
    symptom: symptoms symptomatic
    sever: severe severely severity
    mild: mildly
    complet: complete completely completed total totally full fully
    daily: daily
    weekly: weekly
    monthly: monthly
    annual: annually yearly annual
    exclud: exclude excludes excluded excluding exclusion
    investigat: investigate investigates investigated investigation investigations investigating work-up workup
    contraindicat: contraindicated contraindication contraindications
    interact: interaction interactions interacts
    resect: resection resections resected
    incidence: incident incidence
    surviv: survival survive survives survived
    localis: localised localized local locally
    without: absence absent lacking
    risk: risks
    physician: doctor doctors physicians clinician clinicians
    hospital: hospitals hospitalised hospitalized hospitalisation inpatient inpatients
    sure: certain
    enough: sufficient adequate adequately sufficiently
    common: commonly frequently frequent often
    rare: rarely infrequent infrequently seldom
    marker: markers biomarker biomarkers
    measur: measure measures measuring
    adverse: side
    effect: effects
    react: reaction reactions
    aluminium: aluminum
    diarrhoea: diarrhea
    week: consecutive-week
    children: paediatric
    signific: significant significantly
    associat: associated association associations"""
)

# beginning of a word -> stem; first match wins
PREFIXES: tuple[tuple[str, str], ...] = tuple(
    tuple(pair.split(":"))  # type: ignore[misc]
    for pair in """neurolog:neurolog metasta:metasta diagnos:diagnos pregnan:pregnan malabsor:malabsor symptom:symptom
    progress:progress hydroxocobal:hydroxocobalamin hydroxycobal:hydroxocobalamin cyanocobal:cyanocobalamin neuropath:neuropath
    myelopath:myelopath gastrectom:gastrectom ileostom:ileostom cirrho:cirrho inflamm:inflamm infect:infect
    normalis:normalis normaliz:normalis sensitiv:sensitiv specificit:specificity prevalen:prevalen""".split()
)

# words that deny another word by themselves: a prefix and the word it denies
_DENIED = {
    "un": """able acceptable advisable affected available avoidable aware approved authorised authorized certain changed clear common
    complicated confirmed controlled conscious desirable detectable detected determined diagnosed expected explained exposed
    favourable favorable feasible fit helpful healthy impaired important informative interrupted intended justified known licensed
    likely limited modified monitored necessary needed noticed paired pleasant planned predictable problematic proven proved
    reasonable recognised recognized registered related reliable remarkable resectable resolved responsive restricted safe
    satisfactory selected specific stable successful suitable supervised supported sustained tested tolerated treated treatable
    unusual usual useful vaccinated validated wanted warranted wise""",
    "in": """accurate active adequate advisable appropriate capable compatible complete conclusive consistent convenient correct curable
    dependent determinate direct eligible effective effectual efficient elastic frequent operable sensitive significant soluble
    stable sufficient tolerant valid visible""",
    "im": "balanced mature mobile possible practical proper probable",
    "ir": "regular relevant resectable responsive reversible",
    "dis": "advantageous similar proven satisfied agree agrees agreed",
    "a": "symptomatic febrile typical",
    "non": """essential fatal malignant metastatic specific toxic invasive significant smoker smokers diabetic pregnant steroidal
    responsive responder responders adherent adherence dietary""",
    "sub": "optimal",
    "counter": "productive",
}
NEGATIVE_WORDS: dict[str, str] = {
    prefix + word: word for prefix, words in _DENIED.items() for word in words.split() if not word.startswith("un" + "usual")
} | {
    "symptomless": "symptom",
    "localised": "metastatic",
    "localized": "metastatic",
    "unneeded": "necessary",
    "needless": "necessary",
    "needlessly": "necessary",
    "useless": "useful",
    "harmless": "harmful",
    "ineffectively": "effective",
    "unsuccessfully": "successful",
    "unreliably": "reliable",
    "unsafely": "safe",
    "inadequately": "adequate",
    "insufficiently": "sufficient",
    "incompletely": "complete",
    "inappropriately": "appropriate",
    "unnecessarily": "necessary",
    "irreversibly": "reversible",
    "intolerance": "tolerance",
    "instability": "stability",
    "ineligibility": "eligibility",
    "impossibility": "possible",
    "inability": "able",
    "unwell": "healthy",
}
NEGATES_CLAUSE = _words("not never cannot avoid avoids avoided avoiding contraindicated contraindication contraindicates refrain forbidden prohibited")
NEGATES_PHRASE = _words("without no non absence lacking lack excluding except neither nor none free unless absent")
EVIDENCE_CUES = _words("unproven inconclusive")

WEAK = _words("may might can could consider considered considering suggest suggests suggested option optional possible possibly perhaps potentially maybe")
PRESCRIPTIVE = _words("should recommend recommends recommended advise advised advises offer offered prefer preferred ought advisable")
FIRM = _words("must mandatory essential required requires require always need needs needed imperative obligatory vital compulsory crucial")
HEDGES = _words("usually typically generally often commonly common sometimes likely expected anticipated tends tend roughly mostly")
IMPERATIVES = _words(
    """give start use prescribe treat check measure test monitor repeat inject stop avoid refer arrange continue review take
    screen investigate exclude perform obtain offer do administer begin add increase reduce withhold request order seek assess
    confirm recheck look ask ensure maintain apply replace switch raise lower examine rule track direct prioritize prioritise
    discuss record keep omit hold restart resume titrate infuse tell warn never always"""
)

# words that may never be added to what the source says, whatever else agrees
CRITICAL = _words(
    """child adult elder pregnan breastfeed infant women woman man men adolescent neonat boy girl
    high low lower raise begin stop continu before after improv worsen persist always never all every none most few majority
    minority mostly first second third last least only alone together combined lifelong urgent sever mild moderate acute chronic
    oral intramuscular intravenous subcutaneous inject sublingual nasal rectal topical intrathecal inhal
    contraindicat safe unsafe effectiv caus prevent cur cancer metasta haem liver kidney benign primary secondary solid
    lymphoma myeloma leukaemia leukemia leukem carcinoma without metabol
    exclud prov confirm guarante definit certain unless except minimum maximum maximal minimal
    licens approv monthly weekly daily annual hourly nightly fortnightly twice thrice double half triple
    increas decreas rise fall positive negative normal abnorm left right male female
    loading maintenance initial induction prophyla uk us usa eu europ american british nhs fda nice bnf
    death surviv better worse superior inferior great less more common rare never
    sensitiv specificity recommend allergic anaphyla
    total partial active inactive free bound reversibl permanent temporary transient"""
)
DRUG_ENDINGS = (
    "mab", "nib", "cillin", "olol", "pril", "sartan", "statin", "azole", "mycin", "micin", "floxacin", "cycline", "parin",
    "xaban", "gatran", "platin", "taxel", "rubicin", "setron", "prazole", "tidine", "dipine", "zepam", "zolam", "barbital",
    "caine", "sone", "solone", "onide", "gliptin", "gliflozin", "glutide", "formin", "cobalamin", "ferrin", "dronate",
    "dronic", "trexate", "abine", "tecan", "poside", "mustine", "sulfan", "amide", "lukast", "phylline", "terol", "tropium",
    "vir", "vudine", "navir", "quine", "triptan", "codone", "morphone", "fentanil", "entanyl", "oxetine", "traline", "apine",
    "idone", "perazine", "azine", "pramine", "triptyline", "thiazide", "semide", "actone", "stim", "poetin", "leukin",
)

# conditions and operations: never the writer's own word
MEDICAL_ENDINGS = (
    "ectomy", "otomy", "ostomy", "plasty", "scopy", "itis", "osis", "aemia", "emia", "oma", "omas", "pathy", "pathies", "algia",
    "uria", "penia", "plegia", "trophy", "hood", "lysis", "pause", "rrhage", "rrhoea", "rrhea", "sepsis", "syndrome", "failure",
    "infarction", "embolism", "stroke", "oedema", "edema", "spasm", "cytosis", "sclerosis", "dialysis", "transplant",
)  # fmt: skip

JURISDICTION_WORDS = {
    "UK": "uk", "U.K": "uk", "Britain": "uk", "British": "uk", "NHS": "uk", "NICE": "uk", "BNF": "uk", "England": "uk",
    "Scotland": "uk", "Scottish": "uk", "Wales": "uk", "MHRA": "uk",
    "US": "us", "U.S": "us", "USA": "us", "U.S.A": "us", "American": "us", "America": "us", "FDA": "us",
    "EU": "eu", "Europe": "eu", "European": "eu", "EMA": "eu", "ESMO": "eu",
}

# two words of which one must never stand where the source has the other
_OPPOSITES = """high/low high/lower low/raise first/last raise/lower begin/stop continu/stop before/after with/without improv/worsen better/worse
    superior/inferior positive/negative normal/abnorm acute/chronic oral/intramuscular oral/intravenous oral/inject
    intramuscular/intravenous intramuscular/subcutaneous intravenous/subcutaneous adult/child loading/maintenance
    safe/contraindicat rise/fall common/rare man/woman active/inactive sever/mild benign/cancer always/never all/none
    reversibl/permanent transient/persist prevent/caus prolong/shorten more/less above/below include/exclud
    sensitiv/specificity initial/maintenance arterial/venous upper/low proximal/distal early/late primary/metasta
    increase/lower increas/decreas induc/inhibit accept/reject left/right strong/weak total/partial urgent/routin
    support/refut support/oppos temporary/permanent
    hypokalaemia/hyperkalaemia hyponatraemia/hypernatraemia hypocalcaemia/hypercalcaemia hypoglycaemia/hyperglycaemia
    hypomagnesaemia/hypermagnesaemia hypophosphataemia/hyperphosphataemia hypotension/hypertension hypothyroidism/hyperthyroidism
    hypothermia/hyperthermia hypovolaemia/hypervolaemia bradycardia/tachycardia gain/loss systolic/diastolic agonist/antagonist
    morning/evening inpatient/outpatient smokers/non-smokers premenopausal/postmenopausal beneficial/harmful benefit/harm
    encourage/discourage permit/prohibit allow/forbid minimum/maximum least/most donor/recipient pass/fail peak/trough
    dilat/constrict fasting/fed adult/infant boy/girl intervention/control drug/placebo treated/placebo"""
OPPOSITES: dict[str, frozenset[str]] = {}
for _pair in _OPPOSITES.split():
    _left, _right = _pair.split("/")
    OPPOSITES[_left] = OPPOSITES.get(_left, frozenset()) | {_right}
    OPPOSITES[_right] = OPPOSITES.get(_right, frozenset()) | {_left}

# a word of the claim that another word of the source covers, in this direction only
COVERED_BY: dict[str, frozenset[str]] = {
    "lower": _words("low fall"),
    "raise": _words("high rise"),
    "rise": _words("raise high grow"),
    "fall": _words("lower low"),
    "grow": _words("rise raise"),
    "strength": _words("strong stronger strongly"),
    "women": _words("woman"),
}
