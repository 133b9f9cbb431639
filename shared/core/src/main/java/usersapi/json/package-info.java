/** JSON, read strictly. */
package usersapi.json;
