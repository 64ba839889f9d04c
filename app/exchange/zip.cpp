#include "zip.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <type_traits>

#include <ioapi.h>
#include <unzip.h>

namespace alcuin::exchange {

namespace {

/// A file for minizip that lies in memory.
struct Memory {
    std::string_view bytes;
    std::size_t at = 0;
};

voidpf openMemory(voidpf memory, const void*, int mode) {
    return (mode & ZLIB_FILEFUNC_MODE_READWRITEFILTER) == ZLIB_FILEFUNC_MODE_READ ? memory : nullptr;
}

uLong readMemory(voidpf, voidpf stream, void* buffer, uLong size) {
    auto& memory = *static_cast<Memory*>(stream);
    const auto count = std::min<std::size_t>(size, memory.bytes.size() - memory.at);
    std::memcpy(buffer, memory.bytes.data() + memory.at, count);
    memory.at += count;
    return static_cast<uLong>(count);
}

uLong refuseToWrite(voidpf, voidpf, const void*, uLong) {
    return 0;
}

ZPOS64_T tellMemory(voidpf, voidpf stream) {
    return static_cast<Memory*>(stream)->at;
}

long seekMemory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    auto& memory = *static_cast<Memory*>(stream);
    const std::size_t from = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                             : origin == ZLIB_FILEFUNC_SEEK_CUR ? memory.at
                                                                : memory.bytes.size();
    if (offset > memory.bytes.size() - from) {
        return -1;
    }
    memory.at = from + static_cast<std::size_t>(offset);
    return 0;
}

int closeMemory(voidpf, voidpf) {
    return 0;
}

int errorOfMemory(voidpf, voidpf) {
    return 0;
}

struct Close {
    void operator()(void* archive) const {
        unzClose(archive);
    }
};
using Archive = std::unique_ptr<std::remove_pointer_t<unzFile>, Close>;

constexpr const char* kDamaged = "The archive is damaged. Unpack it with another program and import what is in it.";
constexpr const char* kTooLarge = "What is in the archive is too large. Unpack it and import conversations.json.";

/// The entry that the archive stands at.
Result<std::string> unpack(unzFile archive, std::size_t room) {
    constexpr std::size_t kChunk = std::size_t{256} << 10U;
    if (unzOpenCurrentFile(archive) != UNZ_OK) {
        return fail("An entry of the archive is encrypted or packed in a way that isn't known. Unpack it with another "
                    "program and import what is in it.");
    }
    std::string content;
    int read = 0;
    do {
        const auto before = content.size();
        content.resize(before + kChunk);
        read = unzReadCurrentFile(archive, content.data() + before, static_cast<unsigned>(kChunk));
        content.resize(before + static_cast<std::size_t>(std::max(read, 0)));
        if (content.size() > room) {
            unzCloseCurrentFile(archive);
            return fail(kTooLarge);
        }
    } while (read > 0);
    if (unzCloseCurrentFile(archive) != UNZ_OK || read < 0) { // the check sum is looked at here
        return fail(kDamaged);
    }
    return content;
}

} // namespace

bool looksLikeZip(std::string_view bytes) {
    return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

Result<void> readZip(std::string_view bytes, const Limits& limits, const std::function<bool(std::string_view)>& wanted,
                     const std::function<void(const std::string& name, const std::string& content)>& take) {
    Memory memory{bytes, 0};
    zlib_filefunc64_def functions{openMemory, readMemory,  refuseToWrite, tellMemory,
                                  seekMemory, closeMemory, errorOfMemory, &memory};
    const Archive archive(unzOpen2_64("archive", &functions));
    unz_global_info64 info{};
    if (!archive || unzGetGlobalInfo64(archive.get(), &info) != UNZ_OK) {
        return fail(kDamaged);
    }
    std::size_t room = limits.fileBytes;
    std::size_t entries = 0;
    int more = unzGoToFirstFile(archive.get());
    for (; more == UNZ_OK; more = unzGoToNextFile(archive.get())) {
        if (++entries > limits.archiveEntries) {
            return fail("The archive has too many entries. Unpack it and import conversations.json.");
        }
        std::array<char, 1024> name{};
        unz_file_info64 entry{};
        if (unzGetCurrentFileInfo64(archive.get(), &entry, name.data(), name.size() - 1, nullptr, 0, nullptr, 0) !=
            UNZ_OK) {
            return fail(kDamaged);
        }
        const std::string called(name.data());
        if (!wanted(called)) {
            continue;
        }
        const auto content = unpack(archive.get(), room);
        if (!content) {
            return tl::unexpected(content.error());
        }
        room -= content->size();
        take(called, *content);
    }
    if (more != UNZ_END_OF_LIST_OF_FILE) {
        return fail(kDamaged);
    }
    return {};
}

} // namespace alcuin::exchange
