# How every target of the project is compiled: C++20 (C99 where a test is a C program), warnings as errors, sanitizers on request, a fast linker.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(ALCUIN_CCACHE ccache)
if(ALCUIN_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${ALCUIN_CCACHE}")
endif()

find_program(ALCUIN_MOLD mold)
find_program(ALCUIN_LLD ld.lld)
if(ALCUIN_MOLD)
    add_link_options(-fuse-ld=mold)
elseif(ALCUIN_LLD)
    add_link_options(-fuse-ld=lld)
endif()

if(ALCUIN_SANITIZE)
    add_compile_options(-fsanitize=${ALCUIN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${ALCUIN_SANITIZE})
endif()

# Warnings, for our own code only.
function(alcuin_target_options target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Werror -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> -Wcast-align
        $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
        -Wconversion -Wno-sign-conversion -Wdouble-promotion -Wimplicit-fallthrough -fno-strict-aliasing)
    if(ALCUIN_SANITIZE)
        # Instrumented code misleads this one warning of g++ 12.
        target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
    endif()
endfunction()
