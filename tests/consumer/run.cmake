# Installs the engine into a scratch directory outside the tree, and builds and runs a project there that knows nothing
# but that place: through CMake's package, and through pkg-config after the place was moved.
#
# cmake -DBUILD=... -DPROJECT=... -DMODEL=... -DC_COMPILER=... -DCXX_COMPILER=... -DGENERATOR=... -DSANITIZE=... -P run.cmake
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND mktemp -d -t alcuin-consumer.XXXXXX OUTPUT_VARIABLE scratch OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
set(prefix "${scratch}/installed")
set(flags "")
if(SANITIZE)
    set(flags "-fsanitize=${SANITIZE}")
endif()

# run(VARIABLE COMMAND...): its output goes to the variable; what fails ends the test with all it said.
function(run variable)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${scratch}" RESULT_VARIABLE result OUTPUT_VARIABLE output
        ERROR_VARIABLE complaints)
    if(NOT result EQUAL 0)
        string(JOIN " " command ${ARGN})
        file(REMOVE_RECURSE "${scratch}")
        message(FATAL_ERROR "${command}\nended with ${result}\n${output}\n${complaints}")
    endif()
    set(${variable} "${output}" PARENT_SCOPE)
endfunction()

function(fail text)
    file(REMOVE_RECURSE "${scratch}")
    message(FATAL_ERROR "${text}")
endfunction()

foreach(component IN ITEMS runtime development inference)
    run(unused "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}" --component ${component})
endforeach()
file(GLOB_RECURSE installed RELATIVE "${prefix}" "${prefix}/*")
foreach(part IN ITEMS "include/alcuin\\.h" "include/alcuin/inference/runtime\\.h" "libalcuin\\.so\\.0" "libalcuin\\.so"
        "libalcuin_inference\\.a" "cmake/Alcuin/AlcuinConfig\\.cmake" "cmake/Alcuin/AlcuinConfigVersion\\.cmake"
        "pkgconfig/alcuin\\.pc")
    if(NOT ";${installed};" MATCHES "[;/]${part};")
        fail("${part} isn't among what was installed: ${installed}")
    endif()
endforeach()
# Nothing that was installed may point back to where it was built.
file(GLOB_RECURSE texts "${prefix}/*.cmake" "${prefix}/*.pc" "${prefix}/*.h")
foreach(text IN LISTS texts)
    file(READ "${text}" content)
    string(FIND "${content}" "${BUILD}" at)
    if(NOT at EQUAL -1)
        fail("${text} names the build directory")
    endif()
endforeach()

file(COPY "${PROJECT}" DESTINATION "${scratch}")
cmake_path(GET PROJECT FILENAME name)
run(unused "${CMAKE_COMMAND}" -S "${scratch}/${name}" -B "${scratch}/build" -G "${GENERATOR}"
    "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_C_COMPILER=${C_COMPILER}" "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}"
    "-DCMAKE_C_FLAGS=${flags}" "-DCMAKE_CXX_FLAGS=${flags}" -DCMAKE_BUILD_TYPE=Release)
run(unused "${CMAKE_COMMAND}" --build "${scratch}/build")

set(question "What is the sea?")
run(from_c "${scratch}/build/answer_c" "${MODEL}" "${question}")
run(from_cxx "${scratch}/build/answer_cxx" "${MODEL}" "${question}")
run(from_inference "${scratch}/build/answer_inference" "${MODEL}" "${question}")
if(from_c STREQUAL "")
    fail("the model said nothing")
endif()
if(NOT from_c STREQUAL from_cxx OR NOT from_c STREQUAL from_inference)
    fail("the answers differ: '${from_c}', '${from_cxx}', '${from_inference}'")
endif()

find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG)
    file(RENAME "${prefix}" "${scratch}/moved")
    file(GLOB_RECURSE pc "${scratch}/moved/*/alcuin.pc")
    cmake_path(GET pc PARENT_PATH pc_directory)
    cmake_path(GET pc_directory PARENT_PATH library_directory)
    run(arguments "${CMAKE_COMMAND}" -E env "PKG_CONFIG_PATH=${pc_directory}" "${PKG_CONFIG}" --cflags --libs alcuin)
    separate_arguments(arguments UNIX_COMMAND "${arguments}")
    run(unused "${C_COMPILER}" -std=c99 ${flags} "${scratch}/${name}/answer.c" -o "${scratch}/answer" ${arguments})
    run(from_moved "${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${library_directory}" "${scratch}/answer" "${MODEL}"
        "${question}")
    if(NOT from_moved STREQUAL from_c)
        fail("the moved library answers '${from_moved}', not '${from_c}'")
    endif()
else()
    message(STATUS "pkg-config isn't there: its file was installed, but not tried")
endif()
file(REMOVE_RECURSE "${scratch}")
