from cnnviz.lessons.properties import LESSON
from cnnviz.lessons.properties.controls import PROPERTIES_OPERATION
from cnnviz.lessons.properties.trace import trace_properties
from cnnviz.lessons.properties.view import property_code, property_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON,
    PROPERTIES_OPERATION,
    trace_properties,
    property_words,
    property_code,
    typed={"input": "size", "kernel": "kernel"},
)
