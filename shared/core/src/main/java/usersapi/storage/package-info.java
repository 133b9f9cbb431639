/** File records and the storage totals that follow them. */
package usersapi.storage;
