/** The smoke test of a deployed stack, {@code mvn -Psmoke}. It uses the API only as a client can. */
package usersapi.smoke;
