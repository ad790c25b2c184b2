"""A questionnaire as XLSForm: the workbook from which ODK and KoboToolbox make their forms."""
