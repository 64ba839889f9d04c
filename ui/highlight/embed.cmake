# Writes the descriptions of languages into one C++ source, in pieces that every compiler takes.
# cmake -DOUTPUT=languages.cpp "-DINPUTS=a.json,b.json" -P embed.cmake
string(REPLACE "," ";" inputs "${INPUTS}")
list(SORT inputs)
set(entries "")
foreach(input IN LISTS inputs)
    cmake_path(GET input STEM id)
    if(NOT id MATCHES "^[a-z0-9_]+$")
        message(FATAL_ERROR "${input} isn't named in small letters, digits and _")
    endif()
    file(READ "${input}" json)
    string(APPEND entries "    {\"${id}\", R\"json(${json})json\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
    "#include \"highlight/library.h\"\n\nnamespace alcuin::ui::highlight {\n\nnamespace {\n"
    "constexpr Embedded kLanguages[] = {\n${entries}};\n} // namespace\n\n"
    "std::span<const Embedded> embeddedLanguages() {\n    return kLanguages;\n}\n\n"
    "} // namespace alcuin::ui::highlight\n")
