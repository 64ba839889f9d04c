# Writes the numbered SQL files into one C++ source.
# cmake -DOUTPUT=schema.cpp "-DINPUTS=a.sql,b.sql" -P embed.cmake
# The files must be numbered 0001, 0002, ... without a gap: the number is the schema version that a file leads to.
string(REPLACE "," ";" inputs "${INPUTS}")
list(SORT inputs)
set(entries "")
set(expected 0)
foreach(input IN LISTS inputs)
    cmake_path(GET input FILENAME name)
    if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+\\.sql$")
        message(FATAL_ERROR "${name} isn't named NNNN_name.sql")
    endif()
    string(REGEX REPLACE "^0+" "" version "${CMAKE_MATCH_1}")
    math(EXPR expected "${expected} + 1")
    if(NOT version EQUAL expected)
        message(FATAL_ERROR "${name}: number ${expected} was expected here")
    endif()
    file(READ "${input}" sql)
    string(APPEND entries "    {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
    "#include \"migrations.h\"\n\nnamespace alcuin::storage {\n\nnamespace {\n"
    "constexpr Migration kMigrations[] = {\n${entries}};\n} // namespace\n\n"
    "std::span<const Migration> allMigrations() {\n    return kMigrations;\n}\n\n} // namespace alcuin::storage\n")
