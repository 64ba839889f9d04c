#include "base/thread_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace alcuin::inference {

void giveWayToTheWindow() noexcept {
    constexpr int kNiceness = 5;
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNiceness);
}

} // namespace alcuin::inference
