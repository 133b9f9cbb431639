/** The environment of a function, from which each component reads its own configuration. */
package usersapi.config;
