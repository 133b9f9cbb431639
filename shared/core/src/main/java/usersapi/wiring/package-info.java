/** The dependencies that all functions share, for Dagger: configuration, clients of AWS, randomness, time. */
package usersapi.wiring;
