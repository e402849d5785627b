# ends: invalid
import fcntl

fcntl.fcntl(4, 1033, 1)  # F_ADD_SEALS, F_SEAL_SEAL: nobody may seal any more
