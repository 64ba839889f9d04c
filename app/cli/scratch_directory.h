#pragma once

#include <filesystem>
#include <utility>

#include "cli/outcome.h"

namespace alcuin::cli {

/// A directory of its own, readable by its user alone, that goes with all that is in it.
class ScratchDirectory {
public:
    /// Below `parent`, or below the system's for temporary files where that is empty.
    static Outcome<ScratchDirectory> create(const std::filesystem::path& parent);

    ScratchDirectory(ScratchDirectory&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    ScratchDirectory& operator=(ScratchDirectory&&) = delete;
    ~ScratchDirectory();

    const std::filesystem::path& path() const {
        return m_path;
    }

private:
    explicit ScratchDirectory(std::filesystem::path path) : m_path(std::move(path)) {}

    std::filesystem::path m_path;
};

} // namespace alcuin::cli
