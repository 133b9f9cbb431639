/** Tries a deployed stack: {@code mvn -Psmoke}. It knows of the API only what a client may know. */
package usersapi.smoke;
