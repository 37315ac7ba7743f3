export interface TodoLinks {
  /** Where the person sees the todo. */
  readonly todo: string;
  /** Where the person is asked whether it is done: opening it changes nothing. */
  readonly done: string;
}

export type LinksOf = (id: string) => TodoLinks;

/** The links of a todo below the page of todos. They hold no token: the page asks for a log-in. */
export const linksBelow =
  (page: string): LinksOf =>
  (id) => {
    const todo = `${page}/${encodeURIComponent(id)}`;
    return { todo, done: `${todo}/done` };
  };
