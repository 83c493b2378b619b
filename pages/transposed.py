from cnnviz.lessons.transposed import LESSON
from cnnviz.lessons.transposed.controls import TRANSPOSED
from cnnviz.lessons.transposed.trace import trace_transposed
from cnnviz.lessons.transposed.view import transposed_code, transposed_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON, TRANSPOSED, trace_transposed, transposed_words, transposed_code, typed={"input": "size", "kernel": "kernel"}
)
