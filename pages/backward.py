from cnnviz.lessons.backward import LESSON
from cnnviz.lessons.backward.controls import BACKWARD
from cnnviz.lessons.backward.trace import trace_backward
from cnnviz.lessons.backward.view import backward_code, backward_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON, BACKWARD, trace_backward, backward_words, backward_code, typed={"input": "size", "kernel": "kernel"}
)
