from cnnviz.lessons.matrix import LESSON
from cnnviz.lessons.matrix.controls import MATRIX
from cnnviz.lessons.matrix.trace import trace_matrix
from cnnviz.lessons.matrix.view import matrix_code_panel, matrix_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON, MATRIX, trace_matrix, matrix_words, matrix_code_panel, typed={"input": "size", "kernel": "kernel"}
)
