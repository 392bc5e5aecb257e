"""The pages; Streamlit runs each file when its page is shown."""
