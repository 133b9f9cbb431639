/** Simulations in virtual time, of what no machine here can produce; their tables are in {@code docs/scale.md}. */
package usersapi.bench.simulation;
