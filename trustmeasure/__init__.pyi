from . import criteria as criteria, plots as plots
from .errors import (
    ArgumentError as ArgumentError,
    ConvergenceError as ConvergenceError,
    DataError as DataError,
    DataWarning as DataWarning,
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
from .factors import (
    bartlett_sphericity as bartlett_sphericity,
    empirical_kaiser as empirical_kaiser,
    factor_congruence as factor_congruence,
    kmo as kmo,
    map_test as map_test,
    parallel_analysis as parallel_analysis,
    rotate as rotate,
    schmid_leiman as schmid_leiman,
)
from .instruments import (
    Instrument as Instrument,
    list_instruments as list_instruments,
    load_instrument as load_instrument,
)
from .item_response import (
    GradedResponse as GradedResponse,
    ItemFit as ItemFit,
    PersonScores as PersonScores,
    graded_response as graded_response,
    item_fit as item_fit,
    person_scores as person_scores,
    sum_scores as sum_scores,
)
from .moments import (
    Mardia as Mardia,
    MissingPatterns as MissingPatterns,
    OrdinalDiagnosis as OrdinalDiagnosis,
    PolychoricCorrelations as PolychoricCorrelations,
    SaturatedMoments as SaturatedMoments,
    SmoothedCorrelation as SmoothedCorrelation,
    covariance_from_text as covariance_from_text,
    mardia as mardia,
    missing_patterns as missing_patterns,
    moments_of as moments_of,
    nearest_correlation as nearest_correlation,
    saturated_moments as saturated_moments,
)
from .questionnaires import Questionnaire as Questionnaire, write_questionnaire as write_questionnaire
from .reliability_analysis import (
    cronbach_alpha as cronbach_alpha,
    greatest_lower_bound as greatest_lower_bound,
    guttman_lambdas as guttman_lambdas,
    omega_categorical as omega_categorical,
    omega_total as omega_total,
    ordinal_reliability as ordinal_reliability,
    reliability as reliability,
    spearman_brown as spearman_brown,
    split_half as split_half,
)
from .reporting import report as report
from .responses import Responses as Responses, load_sample as load_sample, read_responses as read_responses
from .screening import (
    ItemPairs as ItemPairs,
    ItemStatistics as ItemStatistics,
    LittleMCAR as LittleMCAR,
    Screening as Screening,
    duplicate_rows as duplicate_rows,
    even_odd_consistency as even_odd_consistency,
    exclude as exclude,
    item_statistics as item_statistics,
    little_mcar as little_mcar,
    long_string as long_string,
    mahalanobis_distance as mahalanobis_distance,
    psychometric_synonyms as psychometric_synonyms,
    response_variability as response_variability,
    screen as screen,
)
from .sem import (
    Bootstrap as Bootstrap,
    Comparison as Comparison,
    FactorScores as FactorScores,
    Identification as Identification,
    InvarianceModel as InvarianceModel,
    OrdinalInvariance as OrdinalInvariance,
    ParameterTable as ParameterTable,
    ResidualTable as ResidualTable,
    SecondOpinion as SecondOpinion,
    SemResult as SemResult,
    WaldTest as WaldTest,
    bollen_stine as bollen_stine,
    bootstrap as bootstrap,
    compare as compare,
    effects as effects,
    factor_scores as factor_scores,
    fit_sem as fit_sem,
    identification as identification,
    modification_indices as modification_indices,
    monte_carlo_intervals as monte_carlo_intervals,
    ordinal_diagnosis as ordinal_diagnosis,
    ordinal_invariance as ordinal_invariance,
    ordinal_invariance_models as ordinal_invariance_models,
    parse_model as parse_model,
    polychoric as polychoric,
    power_monte_carlo as power_monte_carlo,
    power_rmsea as power_rmsea,
    power_satorra_saris as power_satorra_saris,
    required_n as required_n,
    residual_table as residual_table,
    score_tests as score_tests,
    second_opinion as second_opinion,
    simulate as simulate,
    standardized_solution as standardized_solution,
    to_lavaan as to_lavaan,
    to_mplus as to_mplus,
    to_semopy as to_semopy,
    wald_test as wald_test,
)
from .study import read_study as read_study, run_study as run_study
from .trust import models as models
from .validity import (
    average_variance_extracted as average_variance_extracted,
    discriminant_validity as discriminant_validity,
    fornell_larcker as fornell_larcker,
    htmt as htmt,
)
from .validity.invariance import (
    Invariance as Invariance,
    SequentialRelease as SequentialRelease,
    Suggestions as Suggestions,
    invariance as invariance,
    release_sequentially as release_sequentially,
    suggest_releases as suggest_releases,
)

__version__: str
