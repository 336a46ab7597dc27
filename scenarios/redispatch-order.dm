# The resume issues again what was pushed back, in the order in which it
# was, and then what was deferred during the suspend (KERNEL.md A.5, R3;
# a regression check only, dm promises no order: N1). Every write takes
# the same sectors but for its last two: the reads show the order.
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
io b mp w 0 6
io c mp r 0 8
suspend mp --noflush
io d mp w 0 4
io e mp w 0 2
io f mp r 0 8
message mp 0 reinstate_path /dev/sda
resume mp
wait f
io g mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
io b = ok
io c = ok, reads b*6 a*2
io d = ok
io e = ok
io f = ok, reads e*2 d*2 b*2 a*2
io g = ok, reads e*2 d*2 b*2 a*2
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume finds none, and a to f wait in the target, so that
# `wait f` never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
io b = held in the target
io c = held in the target
io d = held in the target
io e = held in the target
io f = held in the target
io g = not issued
