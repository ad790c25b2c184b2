# What the scripts on constraints share: a fit made tight under equalities and active inequalities, written in the same
# form as in tests/reference/sem and tests/reference/sem_groups.
#
# Sourced by the scripts, never run alone.
#
# How a fit is made tight. lavaan treats nonlinear equalities and inequalities by an augmented Lagrangian method that
# leaves about seven digits. As in _reference.R its solution is improved by Newton steps, here on the equations of
# Lagrange: lavaan's own gradient and Hessian, lavaan's own functions for the constraints and their derivatives, the
# second derivatives of the constraints by differences of the first. optimiser$gradient_max is the largest element of the
# gradient along the directions that the constraints leave free, or of a violated constraint when that is larger.
#
# A parameter that the constraints fix has no standard error; lavaan shows the rounding of its computation, up to about
# 1e-9 or nothing at all. Such errors are written as 0, without z and p, as lavaan writes those of fixed parameters.
# lavaan's own labels (.p2.) and those that it takes from equal() are left out.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

source("tests/reference/sem_groups/_groups.R")
library(lavaan)
library(jsonlite)

NOTHING <- 1e-7

# Free parameters that stand at a bound of their own (lower(), upper()): which, and where.
at_bounds <- function(fit) {
  table <- as.data.frame(parTable(fit))
  if (is.null(table$lower) && is.null(table$upper)) {
    return(list(which = integer(0), value = numeric(0)))
  }
  rows <- table[table$free > 0, ]
  x <- as.vector(coef(fit))
  bounds <- cbind(if (is.null(rows$lower)) -Inf else rows$lower, if (is.null(rows$upper)) Inf else rows$upper)
  near <- abs(x - bounds) < 1e-4
  which <- which(rowSums(near) > 0)
  list(which = which, value = ifelse(near[which, 1], bounds[which, 1], bounds[which, 2]))
}

# Rows of the constraints that hold with equality, bounds included.
active_jacobian <- function(fit) {
  jacobian <- fit@Model@con.jac
  idle <- attr(jacobian, "inactive.idx")
  rows <- if (length(idle)) jacobian[-idle, , drop = FALSE] else jacobian
  rbind(matrix(rows, nrow(rows), fit@Model@nx.free), diag(fit@Model@nx.free)[at_bounds(fit)$which, , drop = FALSE])
}

# Values of the same constraints, in the same order.
active_values <- function(fit, x) {
  of <- function(constraints) if (length(formals(constraints))) constraints(x)
  values <- c(of(fit@Model@ceq.function), of(fit@Model@cin.function))
  idle <- attr(fit@Model@con.jac, "inactive.idx")
  bounds <- at_bounds(fit)
  c(if (length(idle)) values[-idle] else values, x[bounds$which] - bounds$value)
}

complex_jacobian <- lavaan:::lav_func_jacobian_complex
jacobian_at <- function(fit, x) {
  found <- complex_jacobian(function(y) active_values(fit, y), x)
  matrix(found, ncol = length(x))
}

constrained <- function(fit) nrow(active_jacobian(fit)) > 0

null_space <- function(jacobian) {
  found <- svd(jacobian, nu = 0, nv = ncol(jacobian))
  rank <- sum(found$d > 1e-9 * max(found$d))
  found$v[, seq_len(ncol(jacobian)) > rank, drop = FALSE]
}

directions <- function(fit) {
  if (constrained(fit)) null_space(active_jacobian(fit)) else diag(fit@Model@nx.free)
}

gradient_max <- function(fit) {
  if (fit@Model@nx.free == 0) {
    return(0)
  }
  violated <- if (constrained(fit)) active_values(fit, as.vector(coef(fit))) else 0
  max(abs(gradient_of(fit)), abs(violated), 0)
}

newton <- function(fit) {
  x <- as.vector(coef(fit))
  gradient <- lavInspect(fit, "gradient")
  hessian <- lavInspect(fit, "hessian")
  if (!constrained(fit)) {
    return(x - solve(hessian, gradient))
  }
  jacobian <- jacobian_at(fit, x)
  multipliers <- qr.coef(qr(t(jacobian)), gradient)
  multipliers[is.na(multipliers)] <- 0 # of constraints that follow from others
  bend <- sapply(seq_along(x), function(j) {
    step <- replace(numeric(length(x)), j, 1e-5)
    drop(crossprod(jacobian_at(fit, x + step) - jacobian_at(fit, x - step), multipliers)) / 2e-5
  })
  basis <- null_space(jacobian)
  across <- -drop(pseudo_inverse(jacobian) %*% active_values(fit, x))
  inner <- t(basis) %*% (hessian - (bend + t(bend)) / 2) %*% basis
  along <- if (ncol(basis)) solve(inner, -t(basis) %*% (gradient + hessian %*% across)) else numeric(0)
  x + across + drop(basis %*% along)
}

pseudo_inverse <- function(x) {
  found <- svd(x)
  keep <- found$d > 1e-9 * max(found$d)
  found$v[, keep, drop = FALSE] %*% (t(found$u[, keep, drop = FALSE]) / found$d[keep])
}

# ---- what is written --------------------------------------------------------------------------------------------

without_rounding <- function(table, fit) {
  table$label[grepl("^\\.p[0-9]+\\.$", table$label) | grepl("~", table$label, fixed = TRUE)] <- ""
  free <- paste(table$lhs, table$op, table$rhs, table$group) %in% free_relations(fit)
  held <- (free | table$op == ":=") & (is.na(table$se) | table$se < NOTHING)
  table$se[held] <- 0
  table$z[held] <- table$pvalue[held] <- NA
  table$est[held & abs(table$est) < 1e-12] <- 0
  table$ci.lower[held] <- table$ci.upper[held] <- table$est[held]
  table
}

free_relations <- function(fit) {
  table <- as.data.frame(parTable(fit))
  rows <- table[table$free > 0, ]
  if (lavInspect(fit, "ngroups") == 1) paste(rows$lhs, rows$op, rows$rhs, "") else paste(rows$lhs, rows$op, rows$rhs, rows$group)
}

plain_parameters <- parameters
parameters <- function(fit) {
  table <- plain_parameters(fit)
  table$group <- ""
  table <- without_rounding(table, fit)
  table$group <- NULL
  table
}

plain_group_parameters <- group_parameters
group_parameters <- function(fit) without_rounding(plain_group_parameters(fit), fit)

vcov <- function(fit) {
  found <- unclass(lavaan::vcov(fit))
  error <- suppressWarnings(sqrt(diag(found)))
  held <- is.na(error) | error < NOTHING
  found[held, ] <- 0
  found[, held] <- 0
  found
}

defined_vcov <- function(fit) NULL
