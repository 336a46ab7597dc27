# Mail 07/11, ok_with_valid_paths: there is a path, and I/O succeeds.
# What was written is read back.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
io w mp w 0 8
wait w
io r mp r 4 8
wait r
----
create mp = ok
io w = ok
io r = ok, reads w*4 -*4
