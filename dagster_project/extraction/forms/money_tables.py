from dagster_project.extraction.forms.context import FormContext
def extract_money_table(context: FormContext) -> None:
    context.code = "final_account"
