# alcuin_add_tests(NAME inference_tokenizer SOURCES tst_bpe.cpp ... LIBRARIES inference_internal [GUI] [TIMEOUT seconds])
#
# One executable per folder. Each tst_<file>.cpp holds one test class of that name's file, registered with
# ALCUIN_TEST(Class) and run as a ctest entry of its own: <NAME>.<file without tst_>. Exit code 77 is a skip.
set(ALCUIN_TEST_ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp")

function(alcuin_add_tests)
    cmake_parse_arguments(ARG "GUI" "NAME;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    set(target tst_${ARG_NAME})
    add_executable(${target} ${ARG_SOURCES})
    set_target_properties(${target} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
    alcuin_target_options(${target})
    if(ARG_GUI)
        target_link_libraries(${target} PRIVATE alcuin_test_support_gui)
    else()
        target_link_libraries(${target} PRIVATE alcuin_test_support)
    endif()
    target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES})
    target_compile_definitions(${target} PRIVATE
        ALCUIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ALCUIN_GOLDEN_DIR="${PROJECT_SOURCE_DIR}/tests/golden"
        ALCUIN_BINARY_DIR="${PROJECT_BINARY_DIR}")
    foreach(source IN LISTS ARG_SOURCES)
        cmake_path(GET source STEM stem)
        if(stem MATCHES "^tst_(.+)$")
            set(file "${CMAKE_MATCH_1}")
            add_test(NAME ${ARG_NAME}.${file} COMMAND ${target} --only ${stem})
            set_tests_properties(${ARG_NAME}.${file} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT ${ARG_TIMEOUT}
                ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;QTEST_DISABLE_STACK_DUMP=1;${ALCUIN_TEST_ENVIRONMENT}")
        endif()
    endforeach()
endfunction()
