from cnnviz.lessons.downsampling import LESSON
from cnnviz.lessons.downsampling.controls import DOWNSAMPLING
from cnnviz.lessons.downsampling.trace import trace_downsampling
from cnnviz.lessons.downsampling.view import downsampling_code_panel, downsampling_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON, DOWNSAMPLING, trace_downsampling, downsampling_words, downsampling_code_panel, typed={"input": "size"}
)
