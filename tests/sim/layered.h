/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIM_LAYERED_H
#define SIM_LAYERED_H

/*
 * A training iteration of Caffe with every layer as kernels on a device, launch by launch on two
 * in-order queues. It shares no code with the model it checks.
 */
enum sim_caffe_kind {
	SIM_CONV,
	SIM_FC,
	SIM_POOL,
	SIM_ACTIVATION,
	SIM_LRN,
	SIM_DROPOUT,
	SIM_BATCH_NORM,
	SIM_SCALE,
	SIM_SOFTMAX_LOSS
};

struct sim_caffe_layer {
	enum sim_caffe_kind kind;
	int in_c, in_h, in_w;
	int out_c;                         /* conv, fc */
	int kernel_h, kernel_w;            /* conv, pool; as are stride and pad */
	int stride, pad, dilation, groups; /* dilation and groups: 0 is 1 */
	int bias;                          /* conv, fc, scale */
	int learns;                        /* scale; conv and fc unless frozen */
	int input_gradient;                /* something below it learns */
};

struct sim_layered {
	const struct sim_caffe_layer *layers;
	int n;
	double launch_s, transfer_s;           /* per kernel; per transfer */
	double memory_bytes_hz, pcie_bytes_hz; /* memory: what it sustains */
	double macs_per_cycle, clock_hz;
	int tile_m, tile_n, tile_k;
	int batch;
	int batched; /* a convolution's kernels take the batch at once */
	int fused;   /* bias and an activation directly behind a conv or fc: in the GEMM's epilogue,
			forward only */
	int prefetch; /* the next batch crosses while this one is computed */
};

enum sim_pass { SIM_FORWARD, SIM_BACKWARD, SIM_UPDATE, SIM_PASSES };

struct sim_layered_result {
	long launches[SIM_PASSES];
	double bytes[SIM_PASSES];  /* of the device's memory */
	double macs[SIM_PASSES];   /* of weights: no bias */
	double pass_s[SIM_PASSES]; /* kernels and their launches */
	int transfers;
	double transfer_bytes;
	double iteration_s; /* steady state */
};

struct sim_gemm {
	double m, n, k;
	int accumulates; /* C is read before it is written */
};

/*
 * The time of one GEMM, tile step by tile step: loads run one step ahead (two buffers), a finished
 * tile of C is stored while the next one is computed. `bytes`, if not NULL: what crossed the
 * memory's port.
 */
double sim_gemm_s(const struct sim_layered *s, const struct sim_gemm *g, double *bytes);

/* Rows and columns that leave a layer, as Caffe sizes them */
void sim_caffe_out(const struct sim_caffe_layer *l, int *h, int *w);

void sim_layered_run(const struct sim_layered *s, struct sim_layered_result *out);

#endif
