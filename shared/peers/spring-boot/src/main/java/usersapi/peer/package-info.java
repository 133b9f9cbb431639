/** A function to compare with, which never ships. */
package usersapi.peer;
