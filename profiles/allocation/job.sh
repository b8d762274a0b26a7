#!/bin/bash
# The job script of this profile: sbatch [options] profiles/allocation/job.sh SCALE
exec make reproduce SCALE="${1:-laptop}" PROFILE=allocation CORES="$((SLURM_NNODES * SLURM_CPUS_ON_NODE))"
