from . import criteria as criteria
from . import plots as plots
from .errors import (
    ArgumentError as ArgumentError,
)
from .errors import (
    ConvergenceError as ConvergenceError,
)
from .errors import (
    DataError as DataError,
)
from .errors import (
    FontWarning as FontWarning,
)
from .errors import (
    IdentificationError as IdentificationError,
)
from .errors import (
    InadmissibleWarning as InadmissibleWarning,
)
from .errors import (
    InstrumentError as InstrumentError,
)
from .errors import (
    ListwiseWarning as ListwiseWarning,
)
from .errors import (
    ModelSyntaxError as ModelSyntaxError,
)
from .errors import (
    QuestionnaireError as QuestionnaireError,
)
from .errors import (
    ResponseError as ResponseError,
)
from .errors import (
    StudyError as StudyError,
)
from .errors import (
    TrustMeasureError as TrustMeasureError,
)
from .errors import (
    TrustMeasureWarning as TrustMeasureWarning,
)
from .instruments import (
    Instrument as Instrument,
)
from .instruments import (
    list_instruments as list_instruments,
)
from .instruments import (
    load_instrument as load_instrument,
)
from .questionnaires import Questionnaire as Questionnaire
from .questionnaires import write_questionnaire as write_questionnaire
from .reliability_analysis import (
    cronbach_alpha as cronbach_alpha,
)
from .reliability_analysis import (
    omega_total as omega_total,
)
from .reliability_analysis import (
    reliability as reliability,
)
from .reporting import report as report
from .responses import Responses as Responses
from .responses import load_sample as load_sample
from .responses import read_responses as read_responses
from .sem import (
    Bootstrap as Bootstrap,
)
from .sem import (
    Comparison as Comparison,
)
from .sem import (
    ParameterTable as ParameterTable,
)
from .sem import (
    SecondOpinion as SecondOpinion,
)
from .sem import (
    SemResult as SemResult,
)
from .sem import (
    bollen_stine as bollen_stine,
)
from .sem import (
    bootstrap as bootstrap,
)
from .sem import (
    compare as compare,
)
from .sem import (
    effects as effects,
)
from .sem import (
    fit_sem as fit_sem,
)
from .sem import (
    modification_indices as modification_indices,
)
from .sem import (
    monte_carlo_intervals as monte_carlo_intervals,
)
from .sem import (
    parse_model as parse_model,
)
from .sem import (
    power_monte_carlo as power_monte_carlo,
)
from .sem import (
    power_rmsea as power_rmsea,
)
from .sem import (
    power_satorra_saris as power_satorra_saris,
)
from .sem import (
    required_n as required_n,
)
from .sem import (
    score_tests as score_tests,
)
from .sem import (
    second_opinion as second_opinion,
)
from .sem import (
    simulate as simulate,
)
from .sem import (
    standardized_solution as standardized_solution,
)
from .study import read_study as read_study
from .study import run_study as run_study
from .trust import models as models

__version__: str
