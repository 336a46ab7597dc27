# linear over multipath, both suspended. The upper one is resumed first:
# a leaves its core and waits in that of the lower one, until that is
# resumed too.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 512
suspend top --noflush
suspend mp --noflush
io a top w 0 8
resume top
resume mp
wait a
io b mp r 512 8
----
create mp = ok
create top = ok
suspend top --noflush = ok
suspend mp --noflush = ok
resume top = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
