/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file computes with known elements, because models compute sizes from other sizes. It is the
 * last step for a node:
 *
 *   1. The shapes of the outputs have been set, and the elements of all inputs are known.
 *   2. Room is made for the elements of output 0. They stay unknown when they are more than
 *      BARISTA_ONNX_MAX_ELEMENTS, or the model has used up what may be kept.
 *   3. A walk along the output computes element after element; the inputs are walked along with it,
 *      by strides that broadcast them.
 *   4. A result that does not exist or overflows makes all elements of the output unknown again.
 *
 * The cost is linear in the elements of the output, times their number of axes at most. Elements
 * that stay unknown are no failure: what needs them becomes a problem of its op. */
#include "import/onnx/operators.h"

#include <math.h>
#include <string.h>

enum function {
	ADD,
	SUB,
	MUL,
	DIV,
	MOD,
	POW,
	MIN,
	MAX,
	AND,
	OR,
	XOR,
	EQUAL,
	LESS,
	LESS_EQUAL,
	GREATER,
	GREATER_EQUAL,
	NONE
};

/* Returns the function of an operator; a Sum of two is an Add. */
static enum function function_of(const char *type)
{
	static const char *const names[] = {
		"Add", "Sub", "Mul", "Div",   "Mod",  "Pow",         "Min",     "Max",
		"And", "Or",  "Xor", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
	};
	size_t f = 0;

	while (f < NONE && strcmp(names[f], type))
		f++;
	return strcmp(type, "Sum") ? (enum function)f : ADD;
}

/* Returns whether the function makes truth values, which are whole. */
static bool compares(enum function f)
{
	return f >= AND && f < NONE;
}

/* Divides whole numbers. Returns false when there is no result. */
static bool divide(enum function f, int64_t a, int64_t b, int64_t *out)
{
	if (!b || (a == INT64_MIN && b == -1))
		return false;
	*out = f == DIV ? a / b : a % b;
	/* ONNX gives the remainder the sign of the divisor, C that of the dividend. */
	if (f == MOD && *out && (*out < 0) != (b < 0))
		*out += b;
	return true;
}

/* Raises to a power. Returns false when the result is not whole or overflows. */
static bool power(int64_t a, int64_t b, int64_t *out)
{
	int64_t p = 1;

	if (b < 0 || b > 62)
		return false;
	while (b-- > 0)
		if (__builtin_mul_overflow(p, a, &p))
			return false;
	*out = p;
	return true;
}

/* Applies a function to whole numbers. Returns false when there is no whole result. */
static bool of_wholes(enum function f, int64_t a, int64_t b, int64_t *out)
{
	switch (f) {
	case ADD: return !__builtin_add_overflow(a, b, out);
	case SUB: return !__builtin_sub_overflow(a, b, out);
	case MUL: return !__builtin_mul_overflow(a, b, out);
	case DIV:
	case MOD: return divide(f, a, b, out);
	case POW: return power(a, b, out);
	case MIN: *out = a < b ? a : b; return true;
	case MAX: *out = a > b ? a : b; return true;
	case AND: *out = a && b; return true;
	case OR: *out = a || b; return true;
	case XOR: *out = !a != !b; return true;
	case EQUAL: *out = a == b; return true;
	case LESS: *out = a < b; return true;
	case LESS_EQUAL: *out = a <= b; return true;
	case GREATER: *out = a > b; return true;
	case GREATER_EQUAL: *out = a >= b; return true;
	default: return false;
	}
}

/* Applies a function to real numbers, and rounds to single precision, in which nearly all models
 * compute. Returns false for functions that have no real result. */
static bool of_reals(enum function f, double a, double b, double *out)
{
	switch (f) {
	case ADD: a += b; break;
	case SUB: a -= b; break;
	case MUL: a *= b; break;
	case DIV: a /= b; break;
	case POW: a = pow(a, b); break;
	case MIN: a = fmin(a, b); break;
	case MAX: a = fmax(a, b); break;
	default: return false;
	}
	*out = (double)(float)a;
	return true;
}

/* Compares real numbers. Returns false for functions that do not compare. */
static bool compare_reals(enum function f, double a, double b, int64_t *out)
{
	if (f <= XOR)
		return false;
	*out = f == EQUAL        ? a == b
	       : f == LESS       ? a < b
	       : f == LESS_EQUAL ? a <= b
	       : f == GREATER    ? a > b
				 : a >= b;
	return true;
}

/* Makes the elements of output 0 unknown again. */
static void forget(struct barista_onnx_node *n)
{
	struct barista_onnx_value *v = &n->model->value[n->op->out[0]];

	v->whole = NULL;
	v->real = NULL;
}

/* Two inputs are walked along the output, of shape d and `count` elements. at[k] are the
 * coordinates, and i[k] is the element of input k that belongs to them. */
struct pair {
	const struct barista_dims *d;
	int64_t count, stride[2][BARISTA_MAX_AXES], at[2][BARISTA_MAX_AXES], i[2];
};

/* Starts the walk along inputs a and b. Returns false when the output has more than 2^53
 * elements. */
static bool pair_up(struct barista_onnx_node *n, size_t a, size_t b, struct pair *p)
{
	*p = (struct pair){.d = &barista_op_out(n->g, n->op, 0)->dims};
	barista_onnx_strides(barista_onnx_in(n, a), p->d, p->stride[0]);
	barista_onnx_strides(barista_onnx_in(n, b), p->d, p->stride[1]);
	return barista_dims_product(p->d, 0, p->d->n, &p->count);
}

static void next(struct pair *p)
{
	for (int i = 0; i < 2; i++)
		p->i[i] = barista_onnx_step(p->d, p->stride[i], p->at[i], p->i[i]);
}

static int fold_wholes(struct barista_onnx_node *n, struct pair *p, enum function f)
{
	const int64_t *a = barista_onnx_value(n, 0)->whole, *b = barista_onnx_value(n, 1)->whole;
	int64_t *to;
	int rc = barista_onnx_alloc_ints(n, 0, &to);

	for (int64_t k = 0; k < p->count && to; k++, next(p))
		if (!of_wholes(f, a[p->i[0]], b[p->i[1]], &to[k])) {
			forget(n);
			break;
		}
	return rc;
}

static int fold_reals(struct barista_onnx_node *n, struct pair *p, enum function f)
{
	const double *a = barista_onnx_value(n, 0)->real, *b = barista_onnx_value(n, 1)->real;
	int64_t *whole = NULL;
	double *real = NULL;
	int rc = compares(f) ? barista_onnx_alloc_ints(n, 0, &whole)
			     : barista_onnx_alloc_reals(n, 0, &real);

	for (int64_t k = 0; k < p->count && (whole || real); k++, next(p))
		if (whole ? !compare_reals(f, a[p->i[0]], b[p->i[1]], &whole[k])
			  : !of_reals(f, a[p->i[0]], b[p->i[1]], &real[k])) {
			forget(n);
			break;
		}
	return rc;
}

int barista_onnx_fold_binary(struct barista_onnx_node *n)
{
	const struct barista_onnx_value *a = barista_onnx_value(n, 0),
					*b = barista_onnx_value(n, 1);
	enum function f = function_of(n->op->type);
	int64_t truncates = 0;
	struct pair p;

	if (n->op->nin != 2 || f == NONE || !barista_op_in(n->g, n->op, 1) || !pair_up(n, 0, 1, &p))
		return 0;
	/* With fmod=1 the remainder has the sign of the dividend, which is not computed here. An
	 * fmod that is no number leaves the elements unknown too, since it may mean the same. */
	if (barista_onnx_int(n, "fmod", &truncates) || truncates)
		return 0;
	if (a->whole && b->whole)
		return fold_wholes(n, &p, f);
	return a->real && b->real ? fold_reals(n, &p, f) : 0;
}

int barista_onnx_fold_where(struct barista_onnx_node *n)
{
	const struct barista_onnx_value *c = barista_onnx_value(n, 0),
					*a = barista_onnx_value(n, 1),
					*b = barista_onnx_value(n, 2);
	int64_t stride[BARISTA_MAX_AXES], at[BARISTA_MAX_AXES] = {0}, i = 0, *to;
	struct pair p;
	int rc;

	if (!c->whole || !a->whole || !b->whole || !pair_up(n, 1, 2, &p))
		return 0;
	barista_onnx_strides(barista_onnx_in(n, 0), p.d, stride);
	rc = barista_onnx_alloc_ints(n, 0, &to);
	for (int64_t k = 0; k < p.count && to; k++, next(&p)) {
		to[k] = c->whole[i] ? a->whole[p.i[0]] : b->whole[p.i[1]];
		i = barista_onnx_step(p.d, stride, at, i);
	}
	return rc;
}

/* Applies an operator with one input to *v. Returns false when that overflows. Those that round
 * leave whole numbers alone. */
static bool unary_of_whole(const char *type, int64_t *v)
{
	if (!strcmp(type, "Not"))
		*v = !*v;
	else if (!strcmp(type, "Neg") || (!strcmp(type, "Abs") && *v < 0))
		return !__builtin_sub_overflow(0, *v, v);
	return true;
}

static double unary_of_real(const char *type, double v)
{
	static const struct {
		const char *type;
		double (*of)(double);
	} rows[] = {
		{"Abs", fabs},        {"Floor", floor}, {"Ceil", ceil},
		{"Round", nearbyint}, {"Sqrt", sqrt},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strcmp(rows[i].type, type))
			return (double)(float)rows[i].of(v);
	return !strcmp(type, "Neg") ? -v : !strcmp(type, "Reciprocal") ? (double)(float)(1 / v) : v;
}

int barista_onnx_fold_unary(struct barista_onnx_node *n)
{
	const struct barista_dims *d = barista_onnx_in(n, 0);
	struct barista_onnx_value *v;
	int64_t count;
	int rc = barista_onnx_copy_values(n);

	v = &n->model->value[n->op->out[0]];
	if (rc || !barista_dims_product(d, 0, d->n, &count))
		return rc;
	for (int64_t i = 0; i < count && v->whole; i++)
		if (!unary_of_whole(n->op->type, &v->whole[i]))
			forget(n);
	for (int64_t i = 0; i < count && v->real; i++)
		v->real[i] = unary_of_real(n->op->type, v->real[i]);
	return 0;
}

/* ONNX's number of the type of truth values. */
enum { BOOL = 9 };

/* Returns whether ONNX's number of a type is float, float16, double or bfloat16. */
static bool is_real(int64_t type)
{
	return type == 1 || type == 10 || type == 11 || type == 16;
}

/* Casts real elements, which are cut off toward zero. Those that no whole number can hold leave the
 * elements unknown. */
static int cast_to_whole(struct barista_onnx_node *n, const double *from, int64_t count,
			 int64_t type)
{
	int64_t *to;
	int rc = barista_onnx_alloc_ints(n, 0, &to);

	for (int64_t i = 0; i < count && to; i++)
		if (fabs(from[i]) < 0x1p62)
			to[i] = type == BOOL ? from[i] != 0 : (int64_t)from[i];
		else {
			forget(n);
			break;
		}
	return rc;
}

/* Casts whole elements to whole ones, or real ones to real ones. A truth value becomes 0 or 1. */
static int cast_alike(struct barista_onnx_node *n, int64_t count, int64_t type)
{
	int64_t *to;
	int rc = barista_onnx_copy_values(n);

	to = n->model->value[n->op->out[0]].whole;
	for (int64_t i = 0; i < count && to && type == BOOL; i++)
		to[i] = to[i] != 0;
	return rc;
}

static int cast_to_real(struct barista_onnx_node *n, const int64_t *from, int64_t count)
{
	double *to;
	int rc = barista_onnx_alloc_reals(n, 0, &to);

	for (int64_t i = 0; i < count && to; i++)
		to[i] = (double)(float)from[i];
	return rc;
}

int barista_onnx_cast(struct barista_onnx_node *n)
{
	const struct barista_onnx_value *from = barista_onnx_value(n, 0);
	const struct barista_dims *d = barista_onnx_in(n, 0);
	int64_t type = 0, count;
	int rc;

	if ((rc = barista_onnx_int(n, "to", &type)))
		return rc;
	if (!type)
		return barista_onnx_fail_node(n, "'to' is missing");
	if ((rc = barista_onnx_same(n)))
		return rc;
	if ((!from->whole && !from->real) || !barista_dims_product(d, 0, d->n, &count))
		return 0;
	if (is_real(type) == !!from->real)
		return cast_alike(n, count, type);
	return is_real(type) ? cast_to_real(n, from->whole, count)
			     : cast_to_whole(n, from->real, count, type);
}
