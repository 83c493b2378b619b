"""The Streamlit kit: what views of lessons are made of."""
