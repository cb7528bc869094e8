/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions by which callers of the library ask for what a network has. */
#include "network/workload.h"

const char *barista_workload_name(const struct barista_workload *network)
{
	return network->name;
}

int64_t barista_workload_batch(const struct barista_workload *network)
{
	return network->batch;
}

const char *barista_workload_title(const struct barista_workload *network)
{
	return network->title;
}

size_t barista_workload_mac_layers(const struct barista_workload *network)
{
	return network->nmac_layers;
}

const struct barista_mac_layer *barista_workload_mac_layer(const struct barista_workload *network,
							   size_t i)
{
	return i < network->nmac_layers ? &network->mac_layer[i] : NULL;
}

const char *barista_workload_remarks(const struct barista_workload *network)
{
	return network->remarks;
}

const char *barista_workload_incomplete(const struct barista_workload *network)
{
	return network->incomplete;
}
