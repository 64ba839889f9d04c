# cmake --install BUILD --prefix DIR [--component NAME]
#   runtime       libalcuin.so.N, all that a built program needs
#   development   alcuin.h, pkg-config and CMake files for it
#   inference     the C++ headers and the static library: for programs built with the same compiler as this one
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Alcuin")

install(TARGETS alcuin_c EXPORT AlcuinTargets
    LIBRARY COMPONENT runtime NAMELINK_COMPONENT development
    PUBLIC_HEADER DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(EXPORT AlcuinTargets NAMESPACE alcuin:: DESTINATION "${package_dir}" COMPONENT development)

set_target_properties(alcuin_inference PROPERTIES EXPORT_NAME inference)
set_target_properties(inference_internal PROPERTIES ARCHIVE_OUTPUT_NAME alcuin_inference EXPORT_NAME inference_archive)
install(TARGETS inference_internal alcuin_inference EXPORT AlcuinInferenceTargets ARCHIVE COMPONENT inference)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/inference/include/alcuin" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    COMPONENT inference)
install(EXPORT AlcuinInferenceTargets NAMESPACE alcuin:: DESTINATION "${package_dir}" COMPONENT inference)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/AlcuinConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/package/AlcuinConfig.cmake" INSTALL_DESTINATION "${package_dir}")
# Before 1.0.0 a new minor version may change the C++ headers; the C interface has its own number.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/AlcuinConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/package/AlcuinConfig.cmake"
    "${PROJECT_BINARY_DIR}/package/AlcuinConfigVersion.cmake" DESTINATION "${package_dir}" COMPONENT development)

# The .pc file finds its own prefix, so that the tree may be moved.
file(RELATIVE_PATH prefix_from_pc "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file("${PROJECT_SOURCE_DIR}/cmake/alcuin.pc.in" "${PROJECT_BINARY_DIR}/package/alcuin.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/package/alcuin.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    COMPONENT development)
