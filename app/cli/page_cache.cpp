#include "cli/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace alcuin::cli {

namespace {

class OpenFile {
public:
    explicit OpenFile(const std::filesystem::path& path) : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~OpenFile() {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    int descriptor() const {
        return m_descriptor;
    }
    std::size_t size() const {
        struct stat status {};
        return ::fstat(m_descriptor, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
    }

private:
    int m_descriptor;
};

/// Bytes of a file that are in memory; all where the system doesn't say.
std::size_t residentBytes(const OpenFile& file) {
    const std::size_t size = file.size();
    if (size == 0) {
        return 0;
    }
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (memory == MAP_FAILED) {
        return size;
    }
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> pages((size + page - 1) / page);
    const bool known = ::mincore(memory, size, pages.data()) == 0;
    ::munmap(memory, size);
    const auto resident = std::ranges::count_if(pages, [](unsigned char each) { return (each & 1U) != 0; });
    return known ? std::min(size, static_cast<std::size_t>(resident) * page) : size;
}

} // namespace

Outcome<Evicted> evictFromPageCache(const std::filesystem::path& directory) {
    Evicted evicted;
    std::size_t resident = 0;
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
        if (!entry.is_regular_file(error)) {
            continue;
        }
        const OpenFile file(entry.path());
        if (file.descriptor() < 0 || ::fdatasync(file.descriptor()) != 0 ||
            ::posix_fadvise(file.descriptor(), 0, 0, POSIX_FADV_DONTNEED) != 0) {
            return failure(fmt::format("{} could not be evicted from the page cache.", entry.path().string()));
        }
        evicted.bytes += file.size();
        resident += residentBytes(file);
    }
    if (error) {
        return failure(fmt::format("{} could not be read: {}.", directory.string(), error.message()));
    }
    if (evicted.bytes > 0) {
        evicted.resident = static_cast<double>(resident) / static_cast<double>(evicted.bytes);
    }
    return evicted;
}

} // namespace alcuin::cli
