from . import criteria as criteria
from . import plots as plots
from .errors import (
    ArgumentError as ArgumentError,
    ConvergenceError as ConvergenceError,
    DataError as DataError,
    FontWarning as FontWarning,
    IdentificationError as IdentificationError,
    InadmissibleWarning as InadmissibleWarning,
    InstrumentError as InstrumentError,
    ListwiseWarning as ListwiseWarning,
    ModelSyntaxError as ModelSyntaxError,
    QuestionnaireError as QuestionnaireError,
    ResponseError as ResponseError,
    StudyError as StudyError,
    TrustMeasureError as TrustMeasureError,
    TrustMeasureWarning as TrustMeasureWarning,
)
from .instruments import (
    Instrument as Instrument,
    list_instruments as list_instruments,
    load_instrument as load_instrument,
)
from .questionnaires import Questionnaire as Questionnaire, write_questionnaire as write_questionnaire
from .reliability_analysis import (
    cronbach_alpha as cronbach_alpha,
    omega_total as omega_total,
    reliability as reliability,
)
from .reporting import report as report
from .responses import Responses as Responses, load_sample as load_sample, read_responses as read_responses
from .sem import (
    ParameterTable as ParameterTable,
    SecondOpinion as SecondOpinion,
    SemResult as SemResult,
    fit_sem as fit_sem,
    parse_model as parse_model,
    second_opinion as second_opinion,
)
from .study import read_study as read_study, run_study as run_study
from .trust import models as models

__version__: str
