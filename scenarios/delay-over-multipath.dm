# A delay target over a multipath device: what its timer sends on goes
# to the device below, which its table holds open while it lives.
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create slow
  0 2048 delay /dev/mapper/mp 0 50
io a slow w 0 8
wait a
io b slow r 0 8
wait b
remove mp
remove slow
remove mp
----
create mp = ok
create slow = ok
io a = ok
io b = ok, reads a*8
remove mp = EBUSY
remove slow = ok
remove mp = ok
