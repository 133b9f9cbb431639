/** Sessions: opening, finding, listing and ending them, and their cookies. */
package usersapi.session;
