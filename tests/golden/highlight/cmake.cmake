# Build
project(demo)
if(WIN32)
  set(name "a ${b}")
endif()
foreach(item IN LISTS all)
  message(STATUS "x")
endforeach()
