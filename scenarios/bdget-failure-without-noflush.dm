# bdget_disk fails. A suspend without the flag returns -ENOMEM in every
# kernel, and presuspend is not undone: the policy is lost. A noflush
# suspend of 2.6.20 does not call it at all, because it may block behind
# I/O that is not flushed (the stall fix, KERNEL.md A.4 S4).
era: 2.6.20 series:7 2.6.19
mode: bio
model-only: bdget_disk does not fail on demand

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
fault bdget mp
suspend mp --noflush
resume mp
table mp
fault bdget mp
suspend mp --nolockfs
table mp
---- 2.6.20
create mp = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
suspend mp --nolockfs = ENOMEM
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- series:7 2.6.19
create mp = ok
suspend mp --noflush = ENOMEM
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
suspend mp --nolockfs = ENOMEM
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
