from cnnviz.lessons.convolution import LESSON
from cnnviz.lessons.convolution.controls import CONVOLUTION
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.lessons.convolution.view import convolution_code, convolution_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON,
    CONVOLUTION,
    trace_convolution,
    convolution_words,
    convolution_code,
    typed={"input": "size", "kernel": "kernel"},
)
