"""SurveyJS: the JSON that its form library reads, and a page that holds the library and works offline."""
