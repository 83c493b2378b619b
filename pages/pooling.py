from cnnviz.lessons.pooling import LESSON
from cnnviz.lessons.pooling.controls import POOLING
from cnnviz.lessons.pooling.trace import trace_pooling
from cnnviz.lessons.pooling.view import pooling_code, pooling_words
from cnnviz.site.page import show_on_stage

show_on_stage(LESSON, POOLING, trace_pooling, pooling_words, pooling_code, typed={"input": "size"})
